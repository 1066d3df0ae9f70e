"""`python -m rbacctl`."""

from rbacctl.app import app

if __name__ == "__main__":
    app(prog_name="rbacctl")
