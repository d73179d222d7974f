// A list of things found, each with a choice of what it stands for: columns, sheets, words in cells.
//
// A choice is shown at once and sent as one of `pending`, each with a number that only grows; the server answers with
// the list as it is and the number it has come to. Texts are data: they are only ever set as textContent.

const lists = new WeakMap(); // one state for each list on the page
const SHOWN = 40;

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  let list = lists.get(parentElement);
  if (!list) {
    list = started(parentElement);
    lists.set(parentElement, list);
  }
  list.send = setTriggerValue;
  take(list, data);
  return () => lists.delete(parentElement);
}

function started(parent) {
  const list = {
    root: make("div", "choosers"),
    bar: make("div", "bar"),
    search: make("input", "search"),
    kinds: make("div", "kinds"),
    rows: make("ul", "rows"),
    more: make("button", "more"),
    none: make("p", "none"),
    drawn: new Map(), // id -> {element, select, …}
    pending: [],
    number: 0,
    kind: "",
    all: false,
  };
  list.search.type = "search";
  list.more.type = "button";
  list.rows.setAttribute("role", "list");
  list.kinds.setAttribute("role", "group");
  list.bar.append(list.search, list.kinds);
  list.root.append(list.bar, list.rows, list.none, list.more);
  parent.append(list.root);
  list.search.addEventListener("input", () => show(list));
  list.more.addEventListener("click", () => {
    list.all = true;
    show(list);
  });
  return list;
}

function take(list, data) {
  if (list.number < data.ack) list.number = data.ack; // a list shown anew counts on
  list.pending = list.pending.filter((each) => each.number > data.ack);
  list.data = data;
  list.root.dataset.ack = String(data.ack);
  show(list);
}

function show(list) {
  const { data } = list;
  const words = data.words;
  list.bar.hidden = data.rows.length < data.searchFrom;
  list.search.placeholder = words.search;
  list.search.setAttribute("aria-label", words.search);
  kinds(list);
  const wanted = list.search.value.trim().toLowerCase();
  const fitting = data.rows.filter(
    (row) =>
      (!list.kind || row.kind === list.kind) &&
      (!wanted || `${row.title} ${row.samples.join(" ")} ${labelOf(data, row)}`.toLowerCase().includes(wanted)),
  );
  const shown = list.all ? fitting : fitting.slice(0, SHOWN);
  const used = new Map();
  for (const row of data.rows) {
    const value = valueOf(list, row);
    if (data.once && value) used.set(value, row.title);
  }
  shown.forEach((row, at) => {
    const drawn = drawnRow(list, row, used);
    if (list.rows.children[at] !== drawn.element) list.rows.insertBefore(drawn.element, list.rows.children[at] ?? null);
  });
  while (list.rows.children.length > shown.length) list.rows.lastElementChild.remove();
  list.none.hidden = shown.length > 0;
  list.none.textContent = words.none;
  list.more.hidden = shown.length === fitting.length;
  list.more.textContent = filled(words.more, { n: fitting.length - shown.length });
}

function kinds(list) {
  const { kinds: all, rows } = list.data;
  list.kinds.hidden = all.length < 2;
  if (!all.some((each) => each.code === list.kind)) list.kind = "";
  all.forEach((each, at) => {
    let button = list.kinds.children[at];
    if (!button) {
      button = make("button", "kind");
      button.type = "button";
      button.addEventListener("click", () => {
        list.kind = button.dataset.code;
        show(list);
      });
      list.kinds.append(button);
    }
    const count = each.code ? rows.filter((row) => row.kind === each.code).length : rows.length;
    button.dataset.code = each.code;
    button.textContent = `${each.label} ${count}`;
    button.setAttribute("aria-pressed", String(each.code === list.kind));
    button.disabled = count === 0 && each.code !== list.kind;
  });
  while (list.kinds.children.length > all.length) list.kinds.lastElementChild.remove();
}

function drawnRow(list, row, used) {
  let drawn = list.drawn.get(row.id);
  if (!drawn) {
    drawn = fresh(list, row);
    list.drawn.set(row.id, drawn);
  }
  const { data } = list;
  const value = valueOf(list, row);
  const waiting = list.pending.some((each) => each.id === row.id);
  drawn.title.textContent = row.title;
  drawn.note.textContent = row.note;
  drawn.samples.textContent = row.samples.length ? row.samples.join(" · ") : data.words.blank;
  drawn.samples.title = row.samples.join("\n");
  drawn.samples.hidden = !data.samples;
  drawn.how.textContent = waiting ? data.words.waiting : row.how;
  drawn.how.className = `how ${waiting ? "waiting" : row.tone}`;
  drawn.how.dataset.shape = waiting ? "…" : row.shape;
  drawn.why.textContent = waiting ? "" : row.why;
  drawn.element.className = `row ${value ? "" : "unused"}`;
  const options = data.options[row.options] ?? data.options[""];
  const key = JSON.stringify([options, data.once ? [...used] : 0, value]);
  if (drawn.key !== key) {
    drawn.key = key;
    drawn.select.replaceChildren(
      ...options.map((each) => {
        const elsewhere = data.once && each.code && each.code !== value && used.get(each.code);
        const option = make("option", "", elsewhere ? filled(data.words.used, { label: each.label, by: elsewhere }) : each.label);
        option.value = each.code;
        return option;
      }),
    );
  }
  drawn.select.value = value;
  drawn.select.setAttribute("aria-label", filled(data.words.choose, { title: row.title }));
  return drawn;
}

function fresh(list, row) {
  const drawn = {
    element: make("li", "row"),
    title: make("span", "title"),
    note: make("span", "note"),
    samples: make("div", "samples"),
    select: make("select", "choice"),
    how: make("span", "how"),
    why: make("span", "why"),
  };
  const what = make("div", "what");
  const head = make("div", "head");
  const arrow = make("span", "arrow", "→");
  arrow.setAttribute("aria-hidden", "true");
  head.append(drawn.title, drawn.note);
  what.append(head, drawn.samples);
  const reason = make("div", "reason");
  reason.append(drawn.how, drawn.why);
  drawn.element.append(what, arrow, drawn.select, reason);
  drawn.select.addEventListener("change", () => choose(list, row.id, drawn.select.value));
  return drawn;
}

function choose(list, id, value) {
  list.number += 1;
  list.pending.push({ number: list.number, id, value });
  show(list);
  // All that are not answered yet go along: a later message may overtake or swallow an earlier one.
  list.send("choices", list.pending.map((each) => ({ ...each })));
}

// What the person sees: the last choice that is not answered yet, else what the server says.
function valueOf(list, row) {
  const asked = list.pending.filter((each) => each.id === row.id).at(-1);
  if (asked) return asked.value;
  const taken = list.data.once && row.value && list.pending.some((each) => each.value === row.value);
  return taken ? "" : row.value;
}

function labelOf(data, row) {
  return (data.options[row.options] ?? data.options[""]).find((each) => each.code === row.value)?.label ?? "";
}

function make(tag, name, text) {
  const element = document.createElement(tag);
  element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
