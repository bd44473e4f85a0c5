"use strict";
// Shows page and mail again whenever the server says that they were made anew, where they were scrolled to.

const choices = document.getElementById("choices");
const at = id => document.getElementById(id);
let shown = 0;

function address(which) {
  const asked = new URLSearchParams();
  for (const name of ["bare", "dark", "print"]) if (choices.elements[name].checked) asked.set(name, "1");
  asked.set("number", shown);
  return `${which}?${asked}`;
}

// The new one is loaded unseen, and takes the place of the old once it is there.
function load(which) {
  const frame = at(which), old = frame.querySelector("iframe:not(.next)");
  for (const late of frame.querySelectorAll("iframe.next")) late.remove();
  const next = document.createElement("iframe");
  next.title = which === "page" ? "The page" : "The mail";
  next.className = "next";
  next.setAttribute("sandbox", "allow-same-origin");  // without allow-scripts: nothing in it ever runs
  next.src = address(which);
  frame.append(next);
  return new Promise(done => next.addEventListener("load", () => {
    if (old) next.contentWindow.scrollTo(0, old.contentWindow.scrollY);
    next.className = "";
    if (old) old.remove();
    requestAnimationFrame(() => requestAnimationFrame(done));
  }));
}

function dress() {
  document.body.classList.toggle("phone", choices.elements.width.value === "phone");
  document.body.classList.toggle("print", choices.elements.print.checked);
}

function tell(state) {
  at("about").textContent = document.title = state.about;
  at("subject").textContent = state.subject ? `· ${state.subject}` : "";
  at("told").textContent = state.busy ? "The notebook is being executed." : state.told || "";
  const problem = state.problem;
  at("problem").hidden = !problem;
  document.body.classList.toggle("bad", Boolean(problem));
  if (problem) {
    at("where").textContent = problem.where;
    at("line").textContent = problem.line;
    at("line").hidden = !problem.line;
    at("what").textContent = problem.what;
    at("before").hidden = !state.there;
  }
}

async function follow(message) {
  const state = JSON.parse(message.data);
  tell(state);
  if (state.busy || state.number === shown) return;
  shown = state.number;
  if (state.there && (!state.problem || !document.querySelector("iframe"))) await Promise.all([load("page"), load("mail")]);
  const answer = await fetch(`seen/${state.number}`, {method: "POST"});
  const told = await answer.text();
  if (told && shown === state.number) at("told").textContent = [state.told, told].filter(Boolean).join("; ");
}

choices.addEventListener("change", () => {
  dress();
  if (document.querySelector("iframe")) { load("page"); load("mail"); }
});
dress();
const events = new EventSource("events");
events.onmessage = follow;
events.onerror = () => { at("told").textContent = "The preview has ended: start it again with make preview."; };
