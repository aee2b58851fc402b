// Small things that every page may use. All of them only add to what already works without a script.

// <button commandfor="id" command="show-modal|close"> for browsers that do not know it yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    const command = button?.getAttribute("command");
    if (command === "show-modal") dialog?.showModal?.();
    if (command === "close") dialog?.close?.();
  });
}

// A second press of a button that is already at work sends nothing. The server refuses doubles anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
});

// [data-print] prints; [data-copy="text"] copies and says so in its own [data-copied] words;
// [data-share="address"] opens the phone's own share sheet where there is one.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print], [data-copy], [data-share]");
  if (!button) return;
  if ("print" in button.dataset) print();
  if ("copy" in button.dataset) {
    event.preventDefault();
    const done = await navigator.clipboard.writeText(button.dataset.copy).then(() => true, () => false);
    const words = button.querySelector("[data-words]") ?? button;
    if (done && button.dataset.copied) words.textContent = button.dataset.copied;
  }
  if ("share" in button.dataset && navigator.share) {
    event.preventDefault();
    await navigator.share({ url: button.dataset.share, title: button.dataset.title }).catch(() => {});
  }
});
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;

// <select data-submit> sends its form when another value is chosen (filters, the day of the front page).
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// <input type=checkbox data-all="name"> ticks every box of that name in its form.
document.addEventListener("change", (event) => {
  const { all } = event.target.dataset;
  if (!all) return;
  for (const box of event.target.form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all)}"]`))
    if (!box.disabled) box.checked = event.target.checked;
});

// [data-refresh="seconds"] reloads a page that shows work in progress, while it is being looked at.
const waiting = document.querySelector("[data-refresh]");
if (waiting) setInterval(() => document.hidden || location.reload(), Math.max(2, Number(waiting.dataset.refresh)) * 1000);
