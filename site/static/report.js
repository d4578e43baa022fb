// Where the page is a file, it learns from its address which row is meant.
const asked = new URLSearchParams(location.search);
const place = document.querySelector("[data-row]");
if (place && asked.get("row")) {
  const text = document.createElement("pre");
  text.className = "whole";
  text.textContent = `Table: ${asked.get("table") ?? ""}\nKey of the row: ${asked.get("row")}`;
  place.replaceChildren("Copy this into your report:", text);
}
