// A board of cards: columns side by side, moved by mouse, finger, keyboard or one click.
//
// A move is shown at once and sent as one of `pending`; each has a number that only grows. The server answers with
// the cards as they are and the number it has come to (`ack`), and with the sentence of what it refused. What is
// still pending is put on top of what the server says, so that neither jumps while the other is under way.
// Texts are data: they are only ever set as textContent.

const boards = new WeakMap(); // one state for each board on the page
const DRAG_FROM_PX = 6; // a press that moves less is a click
const EDGE_PX = 48; // how near an edge a dragged card makes the board scroll
const SENTENCE_MS = 8000;

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  let board = boards.get(parentElement);
  if (!board) {
    board = started(parentElement);
    boards.set(parentElement, board);
  }
  board.send = setTriggerValue;
  take(board, data);
  return () => {
    clearTimeout(board.timer);
    boards.delete(parentElement);
  };
}

function started(parent) {
  const root = make("div", "board");
  const board = {
    root,
    columns: make("div", "columns"),
    said: make("div", "hidden"),
    refusal: make("div", "refusal"),
    cards: new Map(), // id -> {data, element}
    lists: new Map(), // stage -> {list, count, column}
    pending: [],
    number: 0,
    revision: null,
    drag: null,
  };
  board.said.setAttribute("role", "status");
  board.refusal.setAttribute("role", "alert");
  root.append(board.refusal, board.columns, board.said);
  parent.append(root);
  root.addEventListener("keydown", (event) => keyed(board, event));
  root.addEventListener("pointerdown", (event) => pressed(board, event));
  root.addEventListener("click", (event) => clicked(board, event));
  return board;
}

// What the server says.

function take(board, data) {
  board.words = data.words;
  board.stages = data.stages.map((each) => each.code);
  board.frozen = data.frozen;
  if (board.number < data.ack) board.number = data.ack; // a board shown anew counts on
  const answered = board.pending.filter((move) => move.number <= data.ack);
  board.pending = board.pending.filter((move) => move.number > data.ack);
  const news = data.revision !== board.revision || answered.length > 0;
  if (news) {
    board.revision = data.revision;
    board.rows = data.cards;
    if (!board.drag) show(board, data); // a card in the hand is not pulled away; the next answer is shown
    else board.late = data;
  }
  for (const refused of data.refused) {
    if (answered.some((move) => move.number === refused.number)) refuse(board, refused);
  }
  for (const [id, card] of board.cards) card.element.classList.toggle("opened", id === data.opened);
  if (board.opened !== data.opened) {
    board.opened = data.opened;
    board.cards.get(data.opened)?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  board.root.dataset.ack = String(data.ack);
}

function show(board, data) {
  const focused = board.root.getRootNode().activeElement?.dataset?.card;
  columns(board, data.stages);
  const rows = withPending(board.rows, board.pending, board.stages);
  const there = new Set();
  for (const stage of board.stages) {
    const list = board.lists.get(stage).list;
    const mine = rows.filter((row) => row.stage === stage);
    mine.forEach((row, at) => {
      there.add(row.id);
      const element = drawn(board, row);
      if (list.children[at] !== element.parentElement) list.insertBefore(element.parentElement, list.children[at] ?? null);
    });
  }
  for (const [id, card] of board.cards) {
    if (!there.has(id)) {
      card.element.parentElement.remove();
      board.cards.delete(id);
    }
  }
  counted(board);
  oneTabStop(board);
  if (focused && !board.root.getRootNode().activeElement) board.cards.get(Number(focused))?.element.focus();
}

function withPending(rows, pending, stages) {
  const order = new Map(stages.map((stage) => [stage, rows.filter((row) => row.stage === stage)]));
  for (const move of pending) {
    let moved = null;
    for (const column of order.values()) {
      const at = column.findIndex((row) => row.id === move.card);
      if (at >= 0) [moved] = column.splice(at, 1);
    }
    if (!moved) continue;
    const column = order.get(move.stage);
    const at = column.findIndex((row) => row.id === move.before);
    column.splice(at < 0 ? column.length : at, 0, { ...moved, stage: move.stage });
  }
  return [...order.values()].flat();
}

function refuse(board, refused) {
  board.refusal.textContent = refused.sentence;
  board.root.classList.add("refused");
  const card = board.cards.get(refused.card);
  if (card) {
    card.element.classList.remove("back");
    void card.element.offsetWidth; // the animation begins anew
    card.element.classList.add("back");
    // Not away from a form in which the person has gone on writing.
    if (board.root.getRootNode().activeElement) card.element.focus();
  }
  clearTimeout(board.timer);
  board.timer = setTimeout(() => {
    board.root.classList.remove("refused");
    board.refusal.textContent = "";
  }, SENTENCE_MS);
}

// What is drawn.

function make(tag, name, text) {
  const element = document.createElement(tag);
  element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

function columns(board, stages) {
  for (const stage of stages) {
    let column = board.lists.get(stage.code);
    if (!column) {
      const element = make("section", "column");
      const head = make("div", "head");
      column = { element, head: make("span", "name"), count: make("span", "count"), list: make("ul", "list") };
      head.append(column.head, column.count);
      column.list.setAttribute("role", "list");
      column.list.dataset.stage = stage.code;
      element.append(head, column.list);
      board.columns.append(element);
      board.lists.set(stage.code, column);
    }
    column.label = stage.label;
    column.head.textContent = stage.label;
  }
}

function counted(board) {
  for (const column of board.lists.values()) {
    const count = placesOf(column.list).length;
    column.count.textContent = String(count);
    column.list.setAttribute("aria-label", filled(board.words.column, { stage: column.label, count }));
    column.list.dataset.empty = count ? "" : board.words.empty;
  }
}

function drawn(board, row) {
  let card = board.cards.get(row.id);
  if (!card) {
    const place = make("li", "place");
    const element = make("div", "card");
    element.dataset.card = String(row.id);
    element.setAttribute("role", "button");
    element.tabIndex = -1;
    const next = make("button", "next", "→");
    next.type = "button";
    next.tabIndex = -1;
    const grip = make("span", "grip", "⠿");
    grip.setAttribute("aria-hidden", "true");
    place.append(element, grip, next);
    card = { element, next, grip, data: null };
    board.cards.set(row.id, card);
  }
  if (card.data && card.drawn === row.shown && card.data.stage === row.stage && card.frozen === board.frozen) {
    card.data = row;
    return card.element;
  }
  card.data = row;
  card.drawn = row.shown;
  card.frozen = board.frozen;
  const { element, next, grip } = card;
  const kind = make("span", `kind ${row.kind}`, row.kindLabel);
  const title = make("div", "title", row.title);
  const foot = make("div", "foot");
  if (row.measure) foot.append(make("span", "measure", row.measure));
  if (row.due) foot.append(make("span", `due ${row.dueState}`, row.due));
  if (row.comments) foot.append(make("span", "comments", filled(board.words.comments, { count: row.comments })));
  foot.append(make("span", "owner", row.owner || board.words.nobody));
  element.replaceChildren(kind, title, foot);
  const stage = board.lists.get(row.stage).label;
  element.setAttribute("aria-label", filled(board.words.card, { ...row, stage, owner: row.owner || board.words.nobody }));
  element.setAttribute("aria-keyshortcuts", board.frozen ? "Enter" : "Enter Alt+ArrowRight Alt+ArrowLeft Alt+ArrowUp Alt+ArrowDown");
  const following = board.stages[board.stages.indexOf(row.stage) + 1];
  next.hidden = board.frozen || !following;
  grip.hidden = board.frozen;
  if (following) {
    const words = filled(board.words.next, { title: row.title, stage: board.lists.get(following).label });
    next.setAttribute("aria-label", words);
    next.title = filled(board.words.nextShort, { stage: board.lists.get(following).label });
  }
  return element;
}

// What a person does.

function move(board, id, stage, before) {
  const card = board.cards.get(id);
  if (!card || board.frozen) return;
  const list = board.lists.get(stage).list;
  const beforeElement = before ? board.cards.get(before)?.element.parentElement : null;
  const place = card.element.parentElement;
  if (place.parentElement === list && place.nextElementSibling === (beforeElement ?? null)) return;
  const waiting = board.pending.filter((each) => each.card === id).length;
  board.number += 1;
  const asked = {
    number: board.number,
    card: id,
    stage,
    before: before ?? null,
    version: card.data.version + waiting,
  };
  board.pending.push(asked);
  const focused = board.root.getRootNode().activeElement;
  list.insertBefore(place, beforeElement ?? null);
  drawn(board, { ...card.data, stage });
  counted(board);
  oneTabStop(board, id);
  if (focused) card.element.focus();
  place.scrollIntoView({ block: "nearest", inline: "nearest" });
  const at = placesOf(list).indexOf(place) + 1;
  const column = board.lists.get(stage);
  board.said.textContent = filled(board.words.moved, {
    title: card.data.title,
    stage: column.label,
    at,
    count: placesOf(list).length,
  });
  board.root.classList.remove("refused");
  board.refusal.textContent = "";
  // All that are not answered yet go along: a later message may overtake or swallow an earlier one.
  board.send("moves", board.pending.map((each) => ({ ...each })));
}

function open(board, id) {
  board.send("open", { card: id, at: Date.now() });
}

function next(board, id) {
  const stage = board.stages[board.stages.indexOf(board.cards.get(id).data.stage) + 1];
  if (stage) move(board, id, stage, null);
}

function clicked(board, event) {
  const place = event.target.closest?.(".place");
  if (!place || board.dropped) return;
  const id = Number(place.firstElementChild.dataset.card);
  if (event.target.closest(".next")) next(board, id);
  else if (event.target.closest(".card")) {
    oneTabStop(board, id);
    open(board, id);
  }
}

function keyed(board, event) {
  const element = event.target.closest?.(".card");
  if (!element || event.ctrlKey || event.metaKey) return;
  const id = Number(element.dataset.card);
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (event.key === "Enter" || event.key === " ") open(board, id);
  else if (step && event.altKey) moveBy(board, id, ...step);
  else if (step) focusBy(board, id, ...step);
  else if (event.key === "Home" || event.key === "End") {
    const list = element.closest(".list");
    focusOn(board, event.key === "Home" ? list.firstElementChild : list.lastElementChild);
  } else return;
  event.preventDefault(); // Alt and an arrow would leave the page
  event.stopPropagation();
}

function moveBy(board, id, across, down) {
  const place = board.cards.get(id).element.parentElement;
  const list = place.parentElement;
  if (across) {
    const stage = board.stages[board.stages.indexOf(list.dataset.stage) + across];
    if (stage) move(board, id, stage, null);
    return;
  }
  const others = placesOf(list);
  const at = others.indexOf(place) + down;
  if (at < 0 || at >= others.length) return;
  const before = down < 0 ? others[at] : others[at + 1];
  move(board, id, list.dataset.stage, before ? idOf(before) : null);
}

function focusBy(board, id, across, down) {
  const place = board.cards.get(id).element.parentElement;
  if (down) {
    focusOn(board, down < 0 ? place.previousElementSibling : place.nextElementSibling);
    return;
  }
  let at = board.stages.indexOf(place.parentElement.dataset.stage) + across;
  for (; board.stages[at]; at += across) {
    const cards = placesOf(board.lists.get(board.stages[at]).list);
    if (cards.length) {
      const row = placesOf(place.parentElement).indexOf(place);
      focusOn(board, cards[Math.min(row, cards.length - 1)]);
      return;
    }
  }
}

// The cards of a list, without the line that shows where a dragged one would go.
function placesOf(list) {
  return [...list.children].filter((each) => each.classList.contains("place"));
}

function idOf(place) {
  return Number(place.firstElementChild.dataset.card);
}

function focusOn(board, place) {
  if (!place) return;
  oneTabStop(board, idOf(place));
  place.firstElementChild.focus();
}

// The whole board is one stop of the Tab key; arrows go from card to card.
function oneTabStop(board, id) {
  const chosen = board.cards.get(id) ?? board.cards.get(board.stop) ?? first(board);
  for (const card of board.cards.values()) {
    const tab = card === chosen ? 0 : -1;
    if (card.element.tabIndex !== tab) card.element.tabIndex = tab;
    if (card.next.tabIndex !== tab) card.next.tabIndex = tab;
  }
  board.stop = chosen?.data.id;
}

function first(board) {
  const place = board.root.querySelector(".place");
  return place ? board.cards.get(idOf(place)) : undefined;
}

// A finger drags by the grip alone, so that it can scroll everywhere else.

function pressed(board, event) {
  const place = event.target.closest?.(".place");
  if (!place || board.frozen || event.button !== 0 || event.target.closest(".next")) return;
  if (event.pointerType !== "mouse" && !event.target.closest(".grip")) return;
  board.dropped = false;
  const drag = { place, id: idOf(place), x: event.clientX, y: event.clientY, pointer: event.pointerId };
  const moving = (each) => dragged(board, drag, each);
  const done = (each) => {
    window.removeEventListener("pointermove", moving);
    window.removeEventListener("pointerup", done);
    window.removeEventListener("pointercancel", done);
    window.removeEventListener("keydown", escaped, true);
    dropped(board, drag, each.type === "pointerup");
  };
  const escaped = (each) => {
    if (each.key === "Escape") done(each);
  };
  window.addEventListener("pointermove", moving);
  window.addEventListener("pointerup", done);
  window.addEventListener("pointercancel", done);
  window.addEventListener("keydown", escaped, true);
}

function dragged(board, drag, event) {
  if (event.pointerId !== drag.pointer) return;
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!board.drag) {
    if (Math.hypot(dx, dy) < DRAG_FROM_PX) return;
    board.drag = drag;
    drag.width = drag.place.offsetWidth;
    drag.ghost = drag.place.cloneNode(true);
    drag.ghost.className = "place ghost";
    drag.ghost.style.width = `${drag.width}px`;
    const { left, top } = drag.place.getBoundingClientRect();
    [drag.left, drag.top] = [left, top];
    board.root.append(drag.ghost);
    drag.place.classList.add("lifted");
    board.root.classList.add("dragging");
  }
  event.preventDefault();
  drag.ghost.style.transform = `translate(${drag.left + dx}px, ${drag.top + dy}px)`;
  scrolled(board, event);
  aimed(board, drag, event);
}

function scrolled(board, event) {
  const { left, right } = board.columns.getBoundingClientRect();
  if (event.clientX > right - EDGE_PX) board.columns.scrollLeft += 12;
  else if (event.clientX < left + EDGE_PX) board.columns.scrollLeft -= 12;
}

function aimed(board, drag, event) {
  let nearest = null;
  for (const column of board.lists.values()) {
    const { left, right } = column.element.getBoundingClientRect();
    const away = event.clientX < left ? left - event.clientX : Math.max(0, event.clientX - right);
    if (!nearest || away < nearest.away) nearest = { away, list: column.list };
  }
  const others = placesOf(nearest.list).filter((each) => each !== drag.place);
  const before = others.find((each) => {
    const { top, height } = each.getBoundingClientRect();
    return event.clientY < top + height / 2;
  });
  drag.target = { stage: nearest.list.dataset.stage, before: before ? idOf(before) : null };
  if (!board.line) board.line = make("li", "line");
  nearest.list.insertBefore(board.line, before ?? null);
}

function dropped(board, drag, meant) {
  const { target } = drag;
  board.line?.remove();
  drag.ghost?.remove();
  drag.place.classList.remove("lifted");
  board.root.classList.remove("dragging");
  const wasDragged = board.drag !== null;
  board.drag = null;
  if (board.late) {
    const data = board.late;
    board.late = null;
    show(board, data);
  }
  if (!wasDragged) return;
  board.dropped = true; // the click that follows belongs to the drag
  setTimeout(() => {
    board.dropped = false;
  }, 0);
  if (meant && target) {
    if (target.before === drag.id) target.before = null;
    move(board, drag.id, target.stage, target.before);
  }
}
