// The little that needs JavaScript beside htmx. Every page is whole without it.
(() => {
  "use strict";

  document.documentElement.classList.add("script");

  // A menu that stays open over the page is in the way: Escape and a tap elsewhere close it.
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".acting-menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".acting-menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  // A second tap on a form's button while the first is on its way would only be refused; spare the wait.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });

  // After a refused form: to what went wrong, so that it is heard and the next tab leads into the form.
  const slip = document.querySelector('main [role="alert"], main [aria-invalid="true"]');
  if (slip) {
    if (slip.matches("[role=alert]")) slip.tabIndex = -1;
    slip.focus();
  }

  // What is shown once is copied by a button, where the browser lets a page copy.
  for (const button of navigator.clipboard ? document.querySelectorAll("[data-copies]") : []) {
    button.parentElement.hidden = false;
    button.addEventListener("click", async () => {
      const shown = document.getElementById(button.dataset.copies);
      shown.select();
      await navigator.clipboard.writeText(shown.value);
      button.nextElementSibling.textContent = "Copied.";
    });
  }

  // What somebody opened stays open when the part around it is brought anew.
  htmx.registerExtension("kept-open", { htmx_before_morph_attr: (_element, { attrName }) => attrName !== "open" });

  // Where one was led once, one is not led again when the part around it is brought anew.
  document.addEventListener("focusin", (event) => event.target.removeAttribute("autofocus"));

  // A field one types in stays under one's eyes while what stands above it grows.
  let typed = null;
  const grows = (event) => event.target.closest?.("[hx-sse\\:connect]");
  document.addEventListener("htmx:before:swap", (event) => {
    const field = document.activeElement;
    if (!grows(event) || !field?.matches("main textarea, main input")) return;
    document.documentElement.style.overflowAnchor = "none"; // or the browser, which holds another part, corrects too
    typed = { field, top: field.getBoundingClientRect().top };
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!typed) return;
    const { field, top } = typed;
    const hold = () => window.scrollBy({ top: field.getBoundingClientRect().top - top, behavior: "instant" });
    typed = null;
    hold();
    requestAnimationFrame(() => {
      hold();
      document.documentElement.style.overflowAnchor = "";
    });
  });

  // A page that has lost its stream says so, and says nothing more once it is live again.
  const said = document.getElementById("live-said");
  const LOST = "The connection is lost. Trying again …";
  document.addEventListener("htmx:sse:error", () => {
    if (said) said.textContent = LOST;
  });
  document.addEventListener("htmx:sse:after:connection", () => {
    if (said && said.textContent === LOST) said.textContent = "";
  });

  // Where something new is said all the time, saying so must not cover what one reads: it goes when it was told.
  const TOLD = 8000;
  if (said) {
    new MutationObserver(() => {
      const passing = said.querySelector("[data-passing]");
      if (passing) setTimeout(() => passing.remove(), TOLD);
    }).observe(said, { childList: true });
  }

  // A page out of the browser's memory may be hours old.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && said) window.location.reload();
  });

  // Coming back with the browser's own button must find the form usable again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
