// A city under the pointer or in focus on the list is lit on the map. Without this, both still lead to its page.
(() => {
  "use strict";

  const light = (on) => (event) => {
    const link = event.target.closest(".places a[href^='/cities/']");
    if (!link) return;
    for (const dot of document.querySelectorAll(`.map a[href="${link.getAttribute("href")}"]`)) {
      dot.classList.toggle("is-lit", on);
      if (on) dot.parentNode.append(dot); // over its neighbours
    }
  };
  for (const kind of ["focusin", "mouseover"]) document.addEventListener(kind, light(true));
  for (const kind of ["focusout", "mouseout"]) document.addEventListener(kind, light(false));
})();
