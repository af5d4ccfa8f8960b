// Times left, by the second. Without it the page tells them as they were when it was opened, and everything works.
const begun = Date.now();
const again = document.querySelector("[data-again]");
const until = document.querySelector("[data-until-again]");
function tell() {
  const passed = Math.floor((Date.now() - begun) / 1000);
  for (const time of document.querySelectorAll("[data-left]")) {
    const left = Math.max(0, time.dataset.left - passed);
    time.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
  if (again && until) {
    const waits = until.querySelector("[data-left]").dataset.left > passed;
    again.hidden = waits;
    until.hidden = !waits;
  }
}
tell();
setInterval(tell, 1000);
