// Niceties only: every flow works without this file.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  const showTheme = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme));
    }
  };

  const setTheme = (theme) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    showTheme(theme);
  };

  const copy = async (button) => {
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 2000);
  };

  const showError = (text) => {
    const region = document.getElementById("messages");
    const alert = document.createElement("div");
    alert.className = "alert bad";
    const close = document.createElement("button");
    Object.assign(close, { type: "button", className: "button ghost icon", textContent: "×", ariaLabel: region.dataset.close });
    close.dataset.dismiss = "";
    alert.append(document.createElement("span"), text, close);
    region.replaceChildren(alert);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.setTheme) {
      event.preventDefault();
      setTheme(button.dataset.setTheme);
    } else if (button.dataset.copy) {
      copy(button);
    } else if (button.hasAttribute("data-dismiss")) {
      button.closest(".alert").remove();
    }
  });

  document.addEventListener("change", (event) => event.target.closest(".role-form")?.classList.add("changed"));

  // A link with hx-target="#dialog" shows what it fetched; the same link without JavaScript is a page.
  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = document.getElementById("dialog");
    if (event.detail.target === dialog) dialog.showModal();
    else if (dialog?.contains(event.detail.requestConfig?.elt) && event.detail.target.id !== "palette-hits") dialog.close();
    if (event.detail.target.id === "messages") event.detail.target.scrollIntoView({ block: "center" });
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    const dialog = closer?.closest("dialog");
    if (!dialog) return;
    event.preventDefault();
    dialog.close();
  });

  // The palette: Ctrl or Cmd with K opens it, the arrows walk through what it found.
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      document.getElementById("find")?.click();
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && !document.querySelector("dialog[open]")) {
      const wanted = { "?": "#shortcuts", c: "#context", "/": "main input[type=search]" }[event.key];
      const found = wanted && document.querySelector(wanted);
      if (found) event.preventDefault();
      if (event.key === "/") found?.focus();
      else found?.click();
    }
    const palette = event.target.closest?.(".palette");
    if (!palette || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const stops = [...palette.querySelectorAll("input[type=search], .rows a")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length]?.focus();
  });

  // A new fragment: to what is wrong in it, else, if the focused element is gone for good, to its heading.
  document.addEventListener("htmx:afterSettle", (event) => {
    const wrong = event.target.querySelector?.("[aria-invalid='true']");
    const kept = document.activeElement;
    if (wrong) wrong.focus();
    else if (kept !== document.body && event.target.contains(kept)) kept.scrollIntoView({ block: "nearest" });
    else if (document.activeElement === document.body) event.target.querySelector?.("[data-focus]")?.focus({ preventScroll: true });
  });

  // A refusal may arrive as a whole page: show its #problem only. 409 and 422 bring the fragment itself, with its errors.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (detail.xhr.status < 400) return;
    const region = document.getElementById("messages");
    detail.isError = false; // told to the person here, so nothing is left for the console
    if (detail.xhr.responseText.includes('id="problem"')) {
      Object.assign(detail, { shouldSwap: true, target: region, selectOverride: "#problem", swapOverride: "innerHTML" });
    } else if (detail.xhr.status !== 409 && detail.xhr.status !== 422) {
      detail.shouldSwap = false;
      showError(region.dataset.failed);
    }
  });
  document.addEventListener("htmx:sendError", () => showError(document.getElementById("messages").dataset.offline));
})();
