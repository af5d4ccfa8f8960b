// What htmx does not do by itself: remember the chosen chat, keep places in lists, and skip what has not changed.
"use strict";

const chosen = { chat: "", step: "" };
const scrolled = {};
let version = "";

document.addEventListener("click", (event) => {
  const chat = event.target.closest("[data-chat]");
  if (!chat) return;
  Object.assign(chosen, chat.dataset);
  htmx.trigger("#scene", "look");
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") return;
  Object.assign(event.detail.parameters, { chat: chosen.chat, step: chosen.step || -1 });
  event.detail.headers["X-Version"] = version;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  version = event.detail.xhr.getResponseHeader("x-version") || version;
  for (const list of document.querySelectorAll("[data-keep-scroll]")) scrolled[list.dataset.keepScroll] = list.scrollTop;
});

document.addEventListener("htmx:afterSwap", () => {
  for (const list of document.querySelectorAll("[data-keep-scroll]")) list.scrollTop = scrolled[list.dataset.keepScroll] || 0;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.verb === "post") htmx.trigger("#scene", "look");
});
