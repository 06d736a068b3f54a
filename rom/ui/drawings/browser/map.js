// The drawing is for the pointer; the same places stand in a list of real boxes for everybody else.
// All words come in `data`.
const made = (tag, attributes = {}, text = null) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== null) element.textContent = text;
  return element;
};

const KEPT = new WeakMap();

export default function ({ parentElement: root, data, setStateValue }) {
  const find = (name) => root.querySelector(name);
  let kept = KEPT.get(root);
  if (!kept) {
    kept = { chosen: new Set(data.chosen), words: new Map(), say: setStateValue };
    KEPT.set(root, kept);
    build(find, data, kept);
  }
  kept.say = setStateValue;
}

function build(find, data, kept) {
  find(".views").innerHTML = data.front + data.back;
  find("summary").textContent = data.words.list;
  find("details").hidden = false;
  for (const group of data.groups) {
    const set = made("fieldset");
    set.append(made("legend", {}, group.title));
    const boxes = made("div", { class: "group" });
    for (const place of group.places) {
      kept.words.set(place.name, place.words);
      const label = made("label");
      label.append(made("input", { type: "checkbox", value: place.name }), place.words);
      boxes.append(label);
    }
    set.append(boxes);
    find(".groups").append(set);
  }
  const turn = (name) => {
    if (!kept.chosen.delete(name)) kept.chosen.add(name);
    show(find, data, kept, turn);
    kept.say("chosen", [...kept.chosen]);
  };
  find(".views").addEventListener("click", (event) => {
    const place = event.target.closest("[data-place]");
    if (place) turn(place.dataset.place);
  });
  find(".groups").addEventListener("change", (event) => turn(event.target.value));
  show(find, data, kept, turn);
}

function show(find, data, kept, turn) {
  for (const path of find(".views").querySelectorAll("[data-place]"))
    path.classList.toggle("on", kept.chosen.has(path.dataset.place));
  for (const box of find(".groups").querySelectorAll("input"))
    box.checked = kept.chosen.has(box.value);
  find(".chosen").textContent = kept.chosen.size ? data.words.chosen : data.words.none;
  find(".chips").replaceChildren(
    ...[...kept.chosen].filter((name) => kept.words.has(name)).map((name) => {
      const words = kept.words.get(name);
      const button = made("button", { type: "button" }, `${words} ×`);
      button.setAttribute("aria-label", data.words.remove.replace("{place}", words));
      button.addEventListener("click", () => { turn(name); find("summary").focus(); });
      const item = made("li");
      item.append(button);
      return item;
    })
  );
}
