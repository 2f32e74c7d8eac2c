// A map in a notebook: data come and the selection goes through the traits of a widget (anywidget).
// The map stands in a shadow root, so that neither style changes the other.
async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

async function render(context) {
  const model = context.model, root = context.el.attachShadow({ mode: "open" });
  const style = document.createElement("style"), host = document.createElement("div");
  style.textContent = model.get("_css");
  host.className = "notebook";
  root.append(style, host);
  const data = await unpacked(model.get("_data"));
  host.lang = data.words.language;
  PatentnavMap.frame(host, data);
  const waiting = new Map();
  let ours = false;  // whether a change of the selection comes from here
  const handle = PatentnavMap.show(host, data, {
    title: data.words.title,
    picked: function (rows, polygon) {
      ours = true;
      model.set("_lasso", polygon ? polygon.flat() : []);
      model.set("_picked", rows);
      ours = false;
      model.save_changes();
    },
    fetched: data.columns && function (column, then) {
      waiting.set(column, then);
      model.send({ column: column });
    },
  });
  const told = function () { if (!ours) handle.pick(model.get("_picked")); };
  const answered = function (message) {
    if (!message || !waiting.has(message.column)) return;
    waiting.get(message.column)(message.overlay);
    waiting.delete(message.column);
  };
  model.on("change:_picked", told);
  model.on("msg:custom", answered);
  if (model.get("_picked").length) told();
  return function () {
    model.off("change:_picked", told);
    model.off("msg:custom", answered);
  };
}

export default { render: render };
