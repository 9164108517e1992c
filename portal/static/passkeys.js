// Passkeys: the browser's own dialogue between a form and its sending. Without them the forms stay hidden.
(() => {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    buffer &&
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const known = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  // The newer browsers' parseCreationOptionsFromJSON and toJSON do the same; these few lines serve the older, too.
  const options = (said) => ({
    ...said,
    challenge: bytes(said.challenge),
    ...(said.user && { user: { ...said.user, id: bytes(said.user.id) } }),
    ...(said.excludeCredentials && { excludeCredentials: known(said.excludeCredentials) }),
    ...(said.allowCredentials && { allowCredentials: known(said.allowCredentials) }),
  });
  const told = (made) => ({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment || undefined,
    clientExtensionResults: {},
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      ...(made.response.attestationObject && { attestationObject: text(made.response.attestationObject) }),
      ...(made.response.authenticatorData && { authenticatorData: text(made.response.authenticatorData) }),
      ...(made.response.signature && { signature: text(made.response.signature) }),
      ...(made.response.userHandle && { userHandle: text(made.response.userHandle) }),
    },
  });

  const REASONS = {
    NotAllowedError: "No passkey was used. You can try again, or go on without.",
    InvalidStateError: "This device holds a passkey of yours already.",
  };

  async function ceremony(form, button, said) {
    said.textContent = "";
    button.disabled = true;
    try {
      const answer = await fetch(form.dataset.options, { method: "POST" });
      if (!answer.ok) {
        said.textContent =
          answer.status === 429
            ? "There were many tries in a short time. Wait a quarter of an hour, or use your mail."
            : "That is not possible just now. Load this page again, and try once more.";
        return;
      }
      const publicKey = options(await answer.json());
      const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.credential.value = JSON.stringify(told(made));
      form.submit();
    } catch (trouble) {
      said.textContent = REASONS[trouble.name] || "The passkey did not work here. You can go on without.";
    } finally {
      button.disabled = false;
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    const said = form.querySelector("[role=status]");
    form.hidden = false;
    for (const other of document.querySelectorAll(".passkey-without")) other.hidden = true;
    button.addEventListener("click", () => ceremony(form, button, said));
    // Enter in the name's field is meant for the button, not for an empty form.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      button.click();
    });
  }
})();
