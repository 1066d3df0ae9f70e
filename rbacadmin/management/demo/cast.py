"""Who and what the demo is made of. All names are invented; the domains are reserved for examples."""

from dataclasses import dataclass

MODELS = ("gpt-4o", "gpt-4o-mini", "claude-sonnet", "claude-haiku", "mistral-large", "llama-3-70b", "text-embedding-3")
# nano-dollars for a token, roughly what the market asks
PRICES = dict(zip(MODELS, (6000, 400, 7500, 1200, 3500, 800, 100), strict=True))


@dataclass(frozen=True)
class House:
    """One organization: its name, its e-mail domain, dollars a month, and what is in it."""

    alias: str
    domain: str
    budget: int
    models: tuple[str, ...]
    teams: tuple[str, ...]
    projects: tuple[str, ...]


HOUSES = (
    House(
        "Larkspur Health",
        "larkspur.example.com",
        24_000,
        MODELS,
        ("Clinical notes", "Patient helpdesk", "Research", "Data platform", "Mobile app"),
        ("triage-assistant", "trial-matching"),
    ),
    House(
        "Meridian Freight",
        "meridian.example.com",
        15_000,
        MODELS[:5],
        ("Route planning", "Customer care", "Customs desk", "Platform"),
        ("eta-forecast", "invoice-reader"),
    ),
    House(
        "Orchard & Vale",
        "orchardvale.example.com",
        9_000,
        (*MODELS[:4], MODELS[6]),
        ("Web shop", "Editorial", "Sourcing"),
        ("recipe-search",),
    ),
)

PEOPLE = (
    ("Amara Okafor", "Jonas Lindqvist", "Priya Raman", "Mateo Fuentes", "Hannah Weiss", "Kenji Mori", "Leila Haddad")
    + ("Tomasz Zielinski", "Grace Mwangi", "Oliver Bennett", "Sofia Marchetti", "Daniel Cohen", "Ingrid Solberg")
    + ("Rafael Moreira", "Mei Chen", "Aoife Gallagher", "Samuel Adeyemi", "Nadia Petrova", "Lucas Moreau")
    + ("Fatima Zahra", "Erik Johansen", "Chloe Martin", "Vikram Desai", "Elena Popescu", "Noah Fischer")
    + ("Yuki Tanaka", "Marta Kowalska", "Ibrahim Diallo", "Emma Thompson", "Carlos Vega", "Zoe Papadaki")
    + ("Arjun Nair", "Freya Hansen", "Malik Johnson", "Beatriz Costa", "Felix Bauer", "Rosa Jimenez")
    + ("Andrei Ionescu", "Lucy Harris", "Omar Farouk", "Katarina Novak", "Ben Carter", "Thandi Nkosi")
    + ("Julia Schneider", "Hugo Laurent", "Mina Park", "Stefan Ilic", "Isla Campbell", "David Oduya")
    + ("Anna Virtanen", "Pablo Ruiz", "Simone Ricci", "Wei Zhang", "Nora Ahmed", "Peter Novotny")
    + ("Clara Dupont", "Liam Murphy", "Sana Iqbal", "Viktor Horvat", "Maya Rosenberg")
)
SHARES = (26, 20, 14)  # people of each house

PURPOSES = ("laptop", "notebook", "staging", "batch", "evaluation", "prototype", "chat", "import", "report", "review")
CUSTOMERS = ("north", "south", "harbour", "airport", "old-town")  # whom robots of each house serve
ROBOTS = ("gateway", "nightly", "ci", "crawler")


def email_of(name: str, domain: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{domain}"
