"use strict";
// Without it the page shows the same; with it tables sort, a matrix of many classes is asked by pointing, and Escape closes.
document.querySelectorAll("table.sorts").forEach(table => table.querySelectorAll("thead th").forEach((head, column) => {
  const button = document.createElement("button");
  button.append(...head.childNodes);
  head.append(button);
  let falls = false;
  button.addEventListener("click", () => {
    falls = !falls;
    const value = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const compare = (a, b) => head.classList.contains("number") ? value(b) - value(a) : value(a).localeCompare(value(b));
    const rows = [...table.tBodies[0].rows].sort((a, b) => falls ? compare(a, b) : compare(b, a));
    table.tBodies[0].append(...rows);
  });
}));
document.addEventListener("keydown", event => {
  if (event.key === "Escape" && document.querySelector(".cell:target")) location.hash = "#confusion";
});
document.querySelectorAll(".raster").forEach(raster => {
  const { classes, cells } = JSON.parse(document.getElementById(raster.dataset.cells).textContent);
  const counts = new Map(cells.map(([row, column, count]) => [row + "-" + column, count]));
  const said = document.getElementById(raster.dataset.said);
  const at = event => {
    const box = raster.getBoundingClientRect();
    const index = share => Math.min(classes.length - 1, Math.max(0, Math.floor(share * classes.length)));
    return [index((event.clientY - box.top) / box.height), index((event.clientX - box.left) / box.width)];
  };
  raster.addEventListener("mousemove", event => {
    const [row, column] = at(event);
    const isolate = name => "\u2068" + name + "\u2069";
    said.textContent = isolate(classes[row]) + " taken for " + isolate(classes[column]) + ": " + (counts.get(row + "-" + column) ?? 0);
  });
  raster.addEventListener("click", event => {
    const [row, column] = at(event);
    // A pixel is small: of the cells about the pointer the nearest that has pictures.
    let best = null;
    for (let r = row - 4; r <= row + 4; r++)
      for (let c = column - 4; c <= column + 4; c++) {
        const id = raster.dataset.prefix + "cell-" + r + "-" + c, distance = (r - row) ** 2 + (c - column) ** 2;
        if (document.getElementById(id) && (!best || distance < best.distance)) best = { id, distance };
      }
    if (best && best.distance <= (classes.length > 200 ? 32 : 0)) location.hash = best.id;
  });
});
