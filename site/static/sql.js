// The SQL box: Datasette's CodeMirror, which completes and takes in the names of tables and columns.

const box = document.querySelector("#sql-editor");
const schema = document.querySelector(".schema");
const tables = new Map([...schema.querySelectorAll("details")].map((one) =>
  [one.querySelector("code").textContent, [...one.querySelectorAll("dt code")].map((name) => name.textContent)]));

const editor = CodeMirror.fromTextArea(box, {
  mode: "text/x-sqlite",
  lineNumbers: true,
  lineWrapping: true,
  viewportMargin: Infinity,
  extraKeys: { "Tab": false, "Shift-Tab": false, "Ctrl-Enter": () => box.form.requestSubmit(), "Ctrl-Space": () => offer(1) },
});
editor.getInputField().setAttribute("aria-label", box.labels[0].textContent);
document.documentElement.classList.add("scripted");

// The word that an error names is marked until the text is changed.
for (let line = 0; box.dataset.named && line < editor.lineCount(); line += 1) {
  const word = box.dataset.named.toLowerCase(), text = editor.getLine(line).toLowerCase();
  for (let ch = text.indexOf(word); ch >= 0; ch = text.indexOf(word, ch + word.length)) {
    editor.markText({ line, ch }, { line, ch: ch + word.length }, { className: "named" });
  }
}
editor.on("change", () => editor.getAllMarks().forEach((mark) => mark.clear()));

// Names that begin as the word before the cursor: tables, and the columns of those in the text.
const list = document.createElement("ul");
list.className = "names";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Names");
const keys = { Up: () => move(-1), Down: () => move(1), Enter: take, Tab: take, Esc: close };
let word = "";

function offer(shortest) {
  close();
  const { line, ch } = editor.getCursor();
  word = /\w*$/.exec(editor.getLine(line).slice(0, ch))[0].toLowerCase();
  const said = new Set(editor.getValue().toLowerCase().match(/\w+/g));
  const columns = [...tables].flatMap(([table, names]) => said.has(table) ? names : []);
  const names = [...new Set([...columns, ...tables.keys()])];
  const found = names.filter((name) => name.startsWith(word) && name !== word).slice(0, 9);
  if (word.length < shortest || !found.length) return;
  list.replaceChildren(...found.map((name) => Object.assign(document.createElement("li"), { textContent: name, role: "option" })));
  const { left, bottom } = editor.cursorCoords({ line, ch: ch - word.length }, "page");
  Object.assign(list.style, { left: `${left}px`, top: `${bottom}px` });
  document.body.append(list);
  editor.addKeyMap(keys);
  move(0);
}
function move(step) {
  const all = [...list.children], now = all.findIndex((name) => name.ariaSelected === "true");
  all.forEach((name, place) => { name.ariaSelected = String(place === (Math.max(now, 0) + step + all.length) % all.length); });
}
function take() { insert([...list.children].find((name) => name.ariaSelected === "true").textContent.slice(word.length)); }
function insert(text) { close(); editor.replaceSelection(text); editor.focus(); }
function close() { list.remove(); editor.removeKeyMap(keys); }

editor.on("inputRead", () => offer(2));
editor.on("blur", close);
list.addEventListener("mousedown", (event) => { event.preventDefault(); insert(event.target.textContent.slice(word.length)); });

// A name beside the box is a button, as soon as it is shown.
schema.addEventListener("toggle", (event) => event.target.querySelectorAll("dt code:not(:has(button))").forEach((code) =>
  code.replaceChildren(Object.assign(document.createElement("button"), { type: "button", textContent: code.textContent }))), true);
schema.addEventListener("click", (event) => { if (event.target.matches("button")) insert(event.target.textContent); });
