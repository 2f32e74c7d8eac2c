// Turns the data of a map into a map to search, colour, zoom and select from: on the page of a report
// (page.js) and in a notebook (notebook.js). Nothing is loaded from anywhere.
"use strict";
const PatentnavMap = (function () {
  const MARK = "#b00020", GREY = "#b9bfc5", INK = "#141414";
  const MOST_LISTED = 12, NEAR = 9, MOST_ROWS = 200;
  const MANY = 3000;  // dots from where on small ones are written as pixels

  function make(parent, name, attributes, text) {
    const node = document.createElement(name);
    Object.entries(attributes || {}).forEach(function (pair) { node.setAttribute(pair[0], pair[1]); });
    if (text) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  }

  function filled(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (all, key) { return key in values ? values[key] : all; });
  }

  // Numbers. Analysts write one number in many ways; two are the same when country, number and kind
  // are, as far as both are given.

  function plain(text) { return text.normalize("NFKC").toUpperCase(); }

  function parsed(text) {
    let rest = plain(text).replace(/^\s*特[开開许許願愿]/, "JP").replace(/[^0-9A-Z]/g, "").replace(/^ZL/, "CN").replace(/^PCT(?=[A-Z]{2})/, "");
    const country = /^[A-Z]{2}(?=[A-Z]{0,2}\d)/.exec(rest);
    if (country) rest = rest.slice(2);
    const kind = /^[A-Z]{0,2}\d{4,}([A-Z]\d?)$/.exec(rest);
    if (kind) rest = rest.slice(0, -kind[1].length);
    const office = country ? country[0] : "";
    if (/^(19|20)\d\d0\d{6}$/.test(rest) && (office === "US" || office === "")) {
      rest = rest.slice(0, 4) + rest.slice(5);  // US 2019/0123456 is US2019123456 elsewhere
    }
    if (office === "WO" && /^\d{7}$/.test(rest)) {  // WO 99/12345 is WO1999012345
      rest = (Number(rest.slice(0, 2)) > 77 ? "19" : "20") + rest.slice(0, 2) + "0" + rest.slice(2);
    }
    return { office: office, number: rest.replace(/^0+(?=\d)/, ""), kind: kind ? kind[1] : "" };
  }

  // How well a number answers: 0 the same, 1 the same with another kind, 2 begins so, 3 holds it.
  function answer(wanted, key) {
    if (wanted.office && key.office && wanted.office !== key.office) return 9;
    const a = wanted.number, b = key.number;
    if (a === b) return key.filing || !wanted.kind || wanted.kind === key.kind ? 0 : 1;
    if (key.filing && (a.length === 13 || a.length === 9) && a.slice(0, -1) === b) return 0;  // check digit
    if (wanted.kind) return 9;
    if (a.length >= 3 && b.startsWith(a)) return 2;
    return a.length >= 5 && b.includes(a) ? 3 : 9;
  }

  function searcher(data) {
    let keys = null, words = null;
    const told = data.facts.filter(function (fact) { return fact.search; });
    function prepare() {
      keys = data.numbers ? data.numbers.map(function (own) {
        return own.map(function (number, i) {
          return Object.assign(parsed(number.replace(/^=/, "")), { filing: number.startsWith("=") });
        });
      }) : [];
      words = data.name.map(function (name, i) {
        const rest = told.map(function (fact) { return fact.of[i] < 0 ? "" : fact.values[fact.of[i]]; });
        return plain([name, data.label[i]].concat(rest).join(" "));
      });
    }
    function byNumber(text) {
      let best = 9, hits = [];
      if (!/\d{3}/.test(plain(text).replace(/[^0-9A-Z]/g, ""))) return { hits: hits, other: false };
      const wanted = parsed(text);
      keys.forEach(function (own, i) {
        const rank = Math.min.apply(null, own.map(function (key) { return answer(wanted, key); }));
        if (rank > best || rank === 9) return;
        if (rank < best) { best = rank; hits = []; }
        hits.push(i);
      });
      return { hits: hits, other: best === 1 };
    }
    function byWords(text) {
      const parts = plain(text).split(/\s+/).filter(Boolean), hits = [];
      words.forEach(function (line, i) {
        if (parts.every(function (part) { return line.includes(part); })) hits.push(i);
      });
      return { hits: hits, other: false };
    }
    // A list of numbers pasted at once; what is not found is named.
    function byList(text) {
      const listed = text.split(/[;\uff1b,\uff0c\u3001\s]+/).filter(function (part) { return /\d.*\d.*\d.*\d.*\d/.test(part); });
      if (listed.length < 2) return { hits: [], other: false };
      const hits = new Set(), missing = [];
      listed.forEach(function (part) {
        const found = byNumber(part).hits;
        if (!found.length) missing.push(part);
        found.forEach(function (i) { hits.add(i); });
      });
      return { hits: Array.from(hits), other: false, missing: missing };
    }
    return function (text) {
      if (!words) prepare();
      let found = byNumber(text);
      if (!found.hits.length) found = byWords(text);
      return found.hits.length ? found : byList(text);
    };
  }

  // Drawing

  const SHAPES = {
    o: function (c, x, y, r) { c.moveTo(x + r, y); c.arc(x, y, r, 0, 6.2832); },
    s: function (c, x, y, r) { const a = r * 0.9; c.rect(x - a, y - a, 2 * a, 2 * a); },
    "^": function (c, x, y, r) { corners(c, x, y, r * 1.2, 3, -1.5708); },
    v: function (c, x, y, r) { corners(c, x, y, r * 1.2, 3, 1.5708); },
    D: function (c, x, y, r) { corners(c, x, y, r * 1.2, 4, 0); },
    P: function (c, x, y, r) { const a = r * 0.4, b = r * 1.1; c.rect(x - a, y - b, 2 * a, 2 * b); c.rect(x - b, y - a, 2 * b, 2 * a); },
    X: function (c, x, y, r) { cross(c, x, y, r * 1.1); },
    "*": function (c, x, y, r) { star(c, x, y, r * 1.35); },
  };

  function corners(c, x, y, r, n, turn) {
    for (let i = 0; i < n; i++) {
      const a = turn + (i * 2 * Math.PI) / n;
      if (i) c.lineTo(x + r * Math.cos(a), y + r * Math.sin(a));
      else c.moveTo(x + r * Math.cos(a), y + r * Math.sin(a));
    }
    c.closePath();
  }

  function star(c, x, y, r) {
    for (let i = 0; i < 10; i++) {
      const a = -1.5708 + (i * Math.PI) / 5, d = i % 2 ? r * 0.42 : r;
      if (i) c.lineTo(x + d * Math.cos(a), y + d * Math.sin(a));
      else c.moveTo(x + d * Math.cos(a), y + d * Math.sin(a));
    }
    c.closePath();
  }

  function cross(c, x, y, r) {
    const a = r * 0.4;
    [[-r, a - r], [a - r, -r], [0, -a], [r - a, -r], [r, a - r], [a, 0], [r, r - a], [r - a, r], [0, a],
      [a - r, r], [-r, r - a], [-a, 0]].forEach(function (d, i) {
      if (i) c.lineTo(x + d[0], y + d[1]); else c.moveTo(x + d[0], y + d[1]);
    });
    c.closePath();
  }

  function path(lines) {
    const made = new Path2D();
    lines.forEach(function (line) {
      for (let i = 0; i < line.length; i += 2) {
        if (i) made.lineTo(line[i], line[i + 1]); else made.moveTo(line[i], line[i + 1]);
      }
      made.closePath();
    });
    return made;
  }

  // A long name in two lines of about the same length.
  function broken(text) {
    const wide = function (part) { return part.replace(/[\u2e80-\uffef]/g, "xx").length; };
    const lines = [""], most = Math.max(wide(text) / 2 + 3, 14);
    (text.match(/[\u2e80-\uffef][\u3001-\u3011\uff0c]?|[^\s\u2e80-\uffef]+\s*|\s+/g) || [text]).forEach(function (part) {
      const last = lines[lines.length - 1];
      if (last && wide((last + part).trim()) > most) lines.push(part); else lines[lines.length - 1] = last + part;
    });
    return lines.map(function (line) { return line.trim(); });
  }

  function Chart(canvas, data) {
    const context = canvas.getContext("2d");
    const n = data.x.length, family = getComputedStyle(canvas).fontFamily;
    const hills = data.hills.map(function (hill) { return { colour: hill.colour, path: path(hill.lines) }; });
    const ties = new Path2D();
    data.edges.forEach(function (edge) { ties.moveTo(edge[0], edge[1]); ties.lineTo(edge[2], edge[3]); });
    const span = bounds();
    let width = 0, height = 0, waiting = false, fitted = 1;
    const view = { k: 1, x: 0, y: 0 };  // scale, and the place in the middle
    const chart = { overlay: data.overlays[0], chosen: new Set(), hits: [], selected: -1, picked: null, lasso: null };

    function bounds() {
      const at = { x0: Infinity, x1: -Infinity, y0: Infinity, y1: -Infinity };
      for (let i = 0; i < n; i++) {
        at.x0 = Math.min(at.x0, data.x[i]); at.x1 = Math.max(at.x1, data.x[i]);
        at.y0 = Math.min(at.y0, data.y[i]); at.y1 = Math.max(at.y1, data.y[i]);
      }
      data.hills.slice(0, 1).forEach(function (hill) {  // the lowest line is the widest
        hill.lines.forEach(function (line) {
          for (let i = 0; i < line.length; i += 2) {
            at.x0 = Math.min(at.x0, line[i]); at.x1 = Math.max(at.x1, line[i]);
            at.y0 = Math.min(at.y0, line[i + 1]); at.y1 = Math.max(at.y1, line[i + 1]);
          }
        });
      });
      return at;
    }

    function sx(x) { return (x - view.x) * view.k + width / 2; }
    function sy(y) { return (view.y - y) * view.k + height / 2; }

    function radius(i) {
      const grow = Math.min(Math.pow(view.k / fitted, 0.4), 4);
      if (data.size) return (data.size[i] / 2) * Math.min(width / 800, 1) * grow;
      return Math.max(1.4, Math.min(4.5, Math.sqrt((0.05 * width * height) / Math.max(n, 1)))) * grow;
    }

    // Small marks, thousands of them, written as pixels: far faster than as paths.
    const layer = document.createElement("canvas"), sheet = layer.getContext("2d");
    let image = null, ink = null;
    function pixels(parts, dense) {
      if (!image || layer.width !== canvas.width || layer.height !== canvas.height) {
        layer.width = canvas.width; layer.height = canvas.height;
        image = sheet.createImageData(layer.width, layer.height);
        ink = new Uint32Array(image.data.buffer);
      }
      ink.fill(0);
      const w = layer.width, h = layer.height;
      parts.forEach(function (part) {
        const c = parseInt((part.muted ? GREY : part.group.colour).slice(1), 16);
        const colour = (255 << 24 | (c & 255) << 16 | (c & 65280) | c >> 16) >>> 0;
        const side = Math.max(Math.round(1.8 * dense * radius(0) * (part.muted ? 0.8 : part.group.area)), 1);
        const before = (side - 1) >> 1;
        part.rows.forEach(function (i) {
          const x = Math.round(sx(data.x[i]) * dense) - before, y = Math.round(sy(data.y[i]) * dense) - before;
          if (x + side <= 0 || y + side <= 0 || x >= w || y >= h) return;
          drawn += 1;
          const right = Math.min(x + side, w), low = Math.min(y + side, h);
          for (let v = Math.max(y, 0); v < low; v++) ink.fill(colour, v * w + Math.max(x, 0), v * w + right);
        });
      });
      sheet.putImageData(image, 0, 0);
      context.drawImage(layer, 0, 0, width, height);
    }

    // Dots that are drawn alike: those that are neither chosen nor picked are grey and lie below.
    function parts() {
      const some = chart.chosen.size > 0, picked = chart.picked, low = [], high = [];
      chart.overlay.rows.forEach(function (rows, g) {
        const group = chart.overlay.groups[g];
        if (some && !chart.chosen.has(g)) low.push({ rows: rows, group: group, muted: true });
        else if (!picked) high.push({ rows: rows, group: group, muted: false });
        else {
          low.push({ rows: rows.filter(function (i) { return !picked[i]; }), group: group, muted: true });
          high.push({ rows: rows.filter(function (i) { return picked[i]; }), group: group, muted: false });
        }
      });
      return low.concat(high);
    }

    function marks(rows, group, muted) {
      const shape = SHAPES[group.shape] || SHAPES.o;
      context.beginPath();
      rows.forEach(function (i) {
        const x = sx(data.x[i]), y = sy(data.y[i]), r = radius(i) * (muted ? 0.8 : group.area);
        if (x < -r || y < -r || x > width + r || y > height + r) return;
        (r < 1.9 ? SHAPES.s : shape)(context, x, y, r);  // too small to tell shapes: the fastest one
        drawn += 1;
      });
      if (group.open && !muted) {
        context.strokeStyle = group.colour; context.lineWidth = 1; context.stroke();
        return;
      }
      context.fillStyle = muted ? GREY : group.colour;
      context.fill();
      if (!muted && rows.length < 8000 && radius(rows[0] || 0) > 2.4) {
        context.strokeStyle = "#fff"; context.lineWidth = 0.6; context.stroke();
      }
    }

    let drawn = 0;
    function draw() {
      waiting = false;
      const dense = window.devicePixelRatio || 1;
      drawn = 0;
      context.setTransform(dense, 0, 0, dense, 0, 0);
      context.fillStyle = "#fff";
      context.fillRect(0, 0, width, height);
      context.save();
      context.transform(view.k, 0, 0, -view.k, width / 2 - view.x * view.k, height / 2 + view.y * view.k);
      hills.forEach(function (hill) {
        context.fillStyle = hill.colour; context.fill(hill.path, "evenodd");
        context.strokeStyle = "rgba(70,80,70,.45)"; context.lineWidth = 0.7 / view.k; context.stroke(hill.path);
      });
      context.strokeStyle = "#bbb"; context.lineWidth = 0.8 / view.k; context.stroke(ties);
      context.restore();
      if (!data.size && n > MANY && radius(0) < (n > 20000 ? 2.4 : 1.9)) pixels(parts(), dense);
      else parts().forEach(function (part) { marks(part.rows, part.group, part.muted); });
      names();
      const many = chart.hits.length > 60;
      chart.hits.forEach(function (i) { ring(i, many ? 4 : 8, many ? 1.5 : 2.5); });
      if (chart.selected >= 0) ring(chart.selected, 12, 4);
      if (chart.lasso) outline(chart.lasso);
      canvas.dataset.drawn = String(drawn);
    }

    function ring(i, r, wide) {
      const out = Math.max(r, radius(i) * 1.2 + wide + 1);
      [[wide + 3, "#fff"], [wide, MARK]].forEach(function (pen) {
        context.beginPath();
        context.arc(sx(data.x[i]), sy(data.y[i]), out, 0, 6.2832);
        context.lineWidth = pen[0]; context.strokeStyle = pen[1]; context.stroke();
      });
    }

    function outline(points) {
      context.beginPath();
      points.forEach(function (p, i) {
        if (i) context.lineTo(sx(p[0]), sy(p[1])); else context.moveTo(sx(p[0]), sy(p[1]));
      });
      context.closePath();
      context.fillStyle = "rgba(176,0,32,.06)"; context.fill();
      context.lineWidth = 1.5; context.strokeStyle = MARK; context.stroke();
    }

    function names() {
      const taken = [];
      context.font = "12px " + family;
      context.textAlign = "center"; context.textBaseline = "middle"; context.lineJoin = "round";
      data.names.forEach(function (name) {
        const below = name.length > 3 ? radius(name[3]) + 9 : 0;  // a node keeps its dot in sight
        const x = sx(name[0]), y = sy(name[1]) + below;
        if (x < 0 || y < 0 || x > width || y > height) return;
        // What has no room here is written when there is some, nearer to it; the legend has them all.
        [broken(name[2]), [name[2]]].some(function (lines) {
          const half = Math.max.apply(null, lines.map(function (t) { return context.measureText(t).width; })) / 2 + 3;
          const high = 2 + 7 * lines.length;
          const at = Math.min(Math.max(x, half), width - half);
          const box = [at - half, y - high, at + half, y + high];
          const free = taken.every(function (b) {
            return box[2] < b[0] || b[2] < box[0] || box[3] < b[1] || b[3] < box[1];
          });
          if (!free) return false;
          taken.push(box);
          context.lineWidth = 3.5; context.strokeStyle = "rgba(255,255,255,.92)"; context.fillStyle = INK;
          lines.forEach(function (text, i) { context.strokeText(text, at, y + 14 * (i - (lines.length - 1) / 2)); });
          lines.forEach(function (text, i) { context.fillText(text, at, y + 14 * (i - (lines.length - 1) / 2)); });
          return true;
        });
      });
    }

    chart.redraw = function () {
      if (waiting) return;
      waiting = true;
      const once = function () { if (waiting) draw(); };
      requestAnimationFrame(once);
      setTimeout(once, 60);  // a page that is not on screen gets no frames
    };
    chart.fit = function () {
      const room = 0.96 * Math.min(width / Math.max(span.x1 - span.x0, 1), height / Math.max(span.y1 - span.y0, 1));
      Object.assign(view, { k: room, x: (span.x0 + span.x1) / 2, y: (span.y0 + span.y1) / 2 });
      fitted = room;
      chart.redraw();
    };
    chart.zoom = function (factor, px, py) {
      const x = px === undefined ? width / 2 : px, y = py === undefined ? height / 2 : py;
      const k = Math.min(Math.max(view.k * factor, fitted * 0.5), fitted * 60);
      view.x += (x - width / 2) * (1 / view.k - 1 / k);
      view.y -= (y - height / 2) * (1 / view.k - 1 / k);
      view.k = k;
      chart.redraw();
    };
    chart.pan = function (dx, dy) { view.x -= dx / view.k; view.y += dy / view.k; chart.redraw(); };
    chart.go = function (i, near) {
      const x = sx(data.x[i]), y = sy(data.y[i]);
      if (near) view.k = Math.max(view.k, fitted * 4);
      if (near || x < 20 || y < 20 || x > width - 20 || y > height - 20) {
        view.x = data.x[i]; view.y = data.y[i];
      }
      chart.redraw();
    };
    chart.nearest = function (px, py) {
      let found = -1, least = Infinity;
      for (let i = 0; i < n; i++) {
        if (chart.chosen.size && !chart.chosen.has(chart.overlay.of[i])) continue;
        const d = Math.hypot(sx(data.x[i]) - px, sy(data.y[i]) - py) - radius(i);
        if (d < NEAR && d < least) { least = d; found = i; }
      }
      return found;
    };
    chart.back = function (px, py) {
      return [(px - width / 2) / view.k + view.x, view.y - (py - height / 2) / view.k];
    };
    // Dots inside a polygon, by the even-odd rule; those that the legend has muted are left out.
    chart.inside = function (polygon) {
      const found = [], m = polygon.length;
      for (let i = 0; i < n; i++) {
        if (chart.chosen.size && !chart.chosen.has(chart.overlay.of[i])) continue;
        const x = data.x[i], y = data.y[i];
        let odd = false;
        for (let a = 0, b = m - 1; a < m; b = a++) {
          const p = polygon[a], q = polygon[b];
          if ((p[1] > y) !== (q[1] > y) && x < ((q[0] - p[0]) * (y - p[1])) / (q[1] - p[1]) + p[0]) odd = !odd;
        }
        if (odd) found.push(i);
      }
      return found;
    };
    chart.pick = function (rows) {
      chart.picked = rows.length > 1 ? new Uint8Array(n) : null;  // one alone is ringed, the others stay
      if (chart.picked) rows.forEach(function (i) { chart.picked[i] = 1; });
      chart.redraw();
    };
    chart.place = function (i) { return [sx(data.x[i]), sy(data.y[i])]; };
    chart.resize = function () {
      const box = canvas.getBoundingClientRect(), dense = window.devicePixelRatio || 1;
      if (!box.width) return;
      const first = !width;
      width = box.width; height = box.height;
      canvas.width = Math.round(width * dense); canvas.height = Math.round(height * dense);
      if (first || Math.abs(view.k - fitted) < 1e-9) chart.fit(); else chart.redraw();
    };
    return chart;
  }

  // What is told of a dot

  function lines(data, i) {
    const rows = [data.name[i]];
    if (data.label[i]) rows.push(data.label[i]);
    data.facts.forEach(function (fact) {
      if (fact.hover && fact.of[i] >= 0) rows.push(fact.values[fact.of[i]]);
    });
    return rows;
  }

  function card(box, data, i) {
    box.replaceChildren();
    box.hidden = i < 0;
    if (i < 0) return;
    make(box, "strong", {}, data.name[i]);
    data.label[i].split("\n").filter(Boolean).forEach(function (line) { make(box, "p", {}, line); });
    const list = make(box, "dl");
    data.facts.forEach(function (fact) {
      const pair = make(list, "div");
      make(pair, "dt", {}, fact.label);
      make(pair, "dd", {}, fact.of[i] < 0 ? data.words.unknown : fact.values[fact.of[i]]);
    });
    if (data.see) make(make(box, "p"), "a", { href: "#" + data.see.id }, data.see.text);
  }

  function swatch(group) {
    const canvas = make(null, "canvas", { width: 32, height: 32, "aria-hidden": "true" });
    const context = canvas.getContext("2d");
    context.beginPath();
    (SHAPES[group.shape] || SHAPES.o)(context, 16, 16, 10);
    context.lineWidth = 3; context.strokeStyle = context.fillStyle = group.colour;
    if (group.open) context.stroke(); else context.fill();
    return canvas;
  }

  function legend(list, chart, data) {
    list.replaceChildren();
    const groups = chart.overlay.groups.map(function (group, g) { return [group, g]; });
    groups.sort(function (a, b) { return a[0].order - b[0].order; });
    const buttons = groups.map(function (pair) {
      const button = make(make(list, "li"), "button", { type: "button", "aria-pressed": "false" });
      button.append(swatch(pair[0]));
      make(button, "span", {}, pair[0].name);
      make(button, "b", {}, pair[0].count.toLocaleString("en"));
      button.addEventListener("click", function () {
        const on = !chart.chosen.has(pair[1]);
        if (on) chart.chosen.add(pair[1]); else chart.chosen.delete(pair[1]);
        button.setAttribute("aria-pressed", String(on));
        all.hidden = !chart.chosen.size;
        chart.redraw();
      });
      return button;
    });
    const all = make(make(list, "li"), "button", { type: "button" }, data.words.all);
    all.hidden = true;
    all.addEventListener("click", function () {
      chart.chosen.clear();
      all.hidden = true;
      buttons.forEach(function (button) { button.setAttribute("aria-pressed", "false"); });
      buttons[0].focus();
      chart.redraw();
    });
  }

  function search(parts, chart, data, select, offer) {
    const find = searcher(data);
    // A number says little without its title; a person's name stands for itself.
    const called = function (i, between) {
      const title = data.numbers ? data.label[i].split("\n")[0] : "";
      return [data.name[i], title].filter(Boolean).join(between);
    };
    let timer = 0;
    function say(result, text) {
      if (!text) return "";
      if (!result.hits.length) return filled(data.words.none, { text: text }) + " " + data.words.help;
      const first = result.hits[0];
      const lost = result.missing && result.missing.length;
      const note = (result.other ? data.words.other_kind + " " : "")
        + (lost ? filled(data.words.missing, { text: result.missing.join(", ") }) + " " : "");
      if (result.hits.length === 1) return note + called(first, " · ");
      return note + filled(data.words.found, { n: result.hits.length });
    }
    function run() {
      const text = parts.input.value.trim();
      const result = text ? find(text) : { hits: [], other: false };
      chart.hits = result.hits;
      parts.hits.replaceChildren();
      parts.said.textContent = say(result, text);
      select(result.hits.length === 1 ? result.hits[0] : -1, false);
      if (offer) offer(result.hits);
      if (result.hits.length > 1) {
        result.hits.slice(0, MOST_LISTED).forEach(function (i) {
          make(make(parts.hits, "li"), "button", { type: "button" }, called(i, " "))
            .addEventListener("click", function () { select(i, true); });
        });
        if (result.hits.length > MOST_LISTED) {
          make(parts.hits, "li", {}, filled(data.words.more, { n: result.hits.length - MOST_LISTED }));
        }
      }
      chart.redraw();
    }
    parts.input.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(run, 60); });
    parts.input.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        event.preventDefault();
        clearTimeout(timer);
        run();
        if (chart.hits.length) select(chart.hits[0], true);
      }
    });
  }

  function pointing(canvas, tip, chart, data, tools) {
    const select = tools.select;
    let from = null, moved = false, drawing = null;
    const fingers = new Map();
    const apart = function () {
      const p = Array.from(fingers.values());
      return { d: Math.hypot(p[0][0] - p[1][0], p[0][1] - p[1][1]), x: (p[0][0] + p[1][0]) / 2, y: (p[0][1] + p[1][1]) / 2 };
    };
    const at = function (event) {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointerdown", function (event) {
      from = at(event); moved = false;
      drawing = tools.lasso && (tools.lasso.on || event.shiftKey) && !fingers.size ? [from] : null;
      fingers.set(event.pointerId, from);
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", function (event) {
      const now = at(event);
      if (fingers.size === 2 && fingers.has(event.pointerId)) {
        const before = apart();
        fingers.set(event.pointerId, now);
        const after = apart();
        moved = true;
        chart.zoom(after.d / Math.max(before.d, 1), after.x, after.y);
        return;
      }
      if (drawing) {
        const last = drawing[drawing.length - 1];
        if (Math.hypot(now[0] - last[0], now[1] - last[1]) > 3) drawing.push(now);
        chart.lasso = drawing.map(function (p) { return chart.back(p[0], p[1]); });
        tip.hidden = moved = true;
        chart.redraw();
        return;
      }
      if (from) {
        fingers.set(event.pointerId, now);
        if (moved || Math.hypot(now[0] - from[0], now[1] - from[1]) > 4) {
          moved = true;
          chart.pan(now[0] - from[0], now[1] - from[1]);
          from = now;
        }
        tip.hidden = true;
        return;
      }
      const i = chart.nearest(now[0], now[1]);
      tip.hidden = i < 0;
      canvas.style.cursor = i >= 0 ? "pointer" : tools.lasso && tools.lasso.on ? "crosshair" : "grab";
      if (i < 0) return;
      tip.replaceChildren();
      lines(data, i).forEach(function (line, k) { make(tip, k ? "div" : "strong", {}, line); });
      const place = chart.place(i), right = place[0] > canvas.clientWidth / 2;
      tip.style.left = right ? "auto" : place[0] + 12 + "px";
      tip.style.right = right ? canvas.clientWidth - place[0] + 12 + "px" : "auto";
      tip.style.top = Math.min(place[1], canvas.clientHeight - 90) + "px";
    });
    canvas.addEventListener("pointerup", function (event) {
      const now = at(event);
      if (drawing && drawing.length > 2) tools.lasso.done(chart.lasso);
      else if (from && !moved) select(chart.nearest(now[0], now[1]), false);
      from = drawing = null;
      fingers.delete(event.pointerId);
    });
    canvas.addEventListener("pointercancel", function (event) { from = drawing = null; fingers.delete(event.pointerId); });
    canvas.addEventListener("pointerleave", function () { tip.hidden = true; });
    canvas.addEventListener("dblclick", function (event) { const p = at(event); chart.zoom(2, p[0], p[1]); });
    canvas.addEventListener("wheel", function (event) {
      // The page scrolls until the reader has entered the map.
      if (!event.ctrlKey && canvas.getRootNode().activeElement !== canvas) return;
      event.preventDefault();
      const p = at(event);
      chart.zoom(Math.exp(-event.deltaY * 0.0015), p[0], p[1]);
    }, { passive: false });
    canvas.addEventListener("keydown", function (event) {
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
      if (step) chart.pan(step[0], step[1]);
      else if (event.key === "+" || event.key === "=") chart.zoom(1.4);
      else if (event.key === "-") chart.zoom(1 / 1.4);
      else if (event.key === "0") chart.fit();
      else if (event.key === "Escape") select(-1, false);
      else return;
      event.preventDefault();
    });
  }

  // Rows of the picked dots, to be sorted by any column.
  function table(box, data, rows) {
    const columns = [{ label: data.words.name, of: function (i) { return data.name[i]; } }];
    if (data.label.some(Boolean)) {
      columns.push({ label: data.words.label, of: function (i) { return data.label[i].split("\n")[0]; } });
    }
    data.facts.forEach(function (fact) {
      columns.push({ label: fact.label, of: function (i) { return fact.of[i] < 0 ? "" : fact.values[fact.of[i]]; } });
    });
    let by = -1, down = false;
    function fill() {
      const listed = rows.slice();
      if (by >= 0) {
        const of = columns[by].of, order = new Intl.Collator(undefined, { numeric: true }).compare;
        listed.sort(function (a, b) {  // what is not known comes last in both directions
          const p = of(a), q = of(b);
          if (!p || !q) return (p ? 0 : 1) - (q ? 0 : 1);
          return (down ? -1 : 1) * order(p, q);
        });
      }
      box.replaceChildren();
      box.hidden = !rows.length;
      if (!rows.length) return;
      const grid = make(box, "table"), head = make(make(grid, "thead"), "tr"), body = make(grid, "tbody");
      columns.forEach(function (column, k) {
        const sort = k === by ? (down ? "descending" : "ascending") : "none";
        const button = make(make(head, "th", { scope: "col", "aria-sort": sort }), "button", { type: "button" },
          column.label + (k === by ? (down ? " \u2193" : " \u2191") : ""));
        button.addEventListener("click", function () { down = by === k && !down; by = k; fill(); });
      });
      listed.slice(0, MOST_ROWS).forEach(function (i) {
        const row = make(body, "tr");
        columns.forEach(function (column) { make(row, "td", {}, column.of(i)); });
      });
      if (listed.length > MOST_ROWS) {
        make(box, "p", { class: "note" }, filled(data.words.more, { n: listed.length - MOST_ROWS }));
      }
    }
    fill();
  }

  function prepared(overlay) {
    overlay.rows = overlay.groups.map(function () { return []; });
    overlay.of.forEach(function (g, i) { overlay.rows[g].push(i); });
    return overlay;
  }

  // What can be coloured by: the overlays at hand, and columns that are fetched when chosen.
  function colours(before, chart, data, shown, fetched) {
    const later = fetched ? data.columns || [] : [];
    if (data.overlays.length + later.length < 2) return;
    const choice = make(null, "select"), at_hand = new Map();
    data.overlays.forEach(function (overlay, i) {
      at_hand.set(String(i), overlay);
      choice.add(new Option(overlay.label, String(i)));
    });
    if (later.length) {
      const more = make(choice, "optgroup", { label: data.words.columns });
      later.forEach(function (column) { more.append(new Option(column[1], "column:" + column[0])); });
    }
    function take() {
      const wanted = choice.value;
      if (at_hand.has(wanted)) { shown(at_hand.get(wanted)); return; }
      fetched(wanted.slice(7), function (overlay) {
        at_hand.set(wanted, prepared(overlay));
        if (choice.value === wanted) shown(overlay);
      });
    }
    choice.addEventListener("change", take);
    const label = make(null, "label", {}, data.words.colour + " ");
    label.append(choice);
    before.before(label, " ");
  }

  // Parts of a map in an empty element, as the page of a report has them.
  function frame(host, data) {
    const box = make(host, "div", { class: "find" });
    const label = make(box, "label", {}, data.words.find + " ");
    make(label, "input", { type: "search", autocomplete: "off", spellcheck: "false" });
    make(box, "output");
    make(host, "div", { class: "map" });
  }

  // host: holds .find and .map; options: title, and where there is somebody to hand them to:
  // picked(rows, polygon) and fetched(column, then). Returns what the host may call.
  function show(host, data, options) {
    const box = host.querySelector(".find"), map = host.querySelector(".map");
    data.overlays.forEach(prepared);
    const parts = { input: box.querySelector("input"), said: box.querySelector("output") };
    const words = options.picked ? data.words.hint + " " + data.words.hint_pick : data.words.hint;
    const hint = make(null, "p", { class: "note", id: (host.id || "map") + "-hint" }, words);
    const canvas = make(map, "canvas", {
      tabindex: "0", role: "application", "aria-label": options.title, "aria-describedby": hint.id,
    });
    const tip = make(map, "div", { class: "tip", "aria-hidden": "true" });
    tip.hidden = true;
    const zoom = make(map, "div", { class: "zoom", role: "group", "aria-label": data.words.zoom });
    parts.hits = make(null, "ul", { class: "hits" });
    const told = make(null, "div", { class: "card", role: "status" });
    told.hidden = true;
    const list = make(null, "ul", { class: "legend", "aria-label": data.words.legend });
    map.before(parts.hits);
    map.after(hint, told, list);
    map.hidden = box.hidden = false;
    host.classList.add("live");

    const chart = Chart(canvas, data), tools = { lasso: null };
    tools.select = function (i, near) {
      chart.selected = i;
      card(told, data, i);
      if (i >= 0) chart.go(i, near);
      if (near) map.scrollIntoView({ block: "nearest" });
      chart.redraw();
    };
    const button = function (sign, word, act) {
      const made = make(zoom, "button", { type: "button", "aria-label": word, title: word }, sign);
      made.addEventListener("click", act);
      return made;
    };
    button("+", data.words.zoom_in, function () { chart.zoom(1.4); });
    button("\u2212", data.words.zoom_out, function () { chart.zoom(1 / 1.4); });
    button("\u2922", data.words.zoom_all, chart.fit);
    let offer = null;
    const handle = { chart: chart, pick: function (rows) { chart.pick(rows); } };
    if (options.picked) {
      const count = make(null, "div", { class: "picked", role: "status" }), rows_box = make(null, "div", { class: "rows", tabindex: "0", role: "region", "aria-label": data.words.table });
      rows_box.hidden = true;
      list.after(count, rows_box);
      const state = function (rows) {
        count.replaceChildren();
        count.hidden = !rows.length;
        if (rows.length) {
          make(count, "span", {}, filled(data.words.picked, { n: rows.length.toLocaleString("en") }));
          make(count, "button", { type: "button" }, data.words.unpick)
            .addEventListener("click", function () { took([], null); });
        }
        table(rows_box, data, rows);
        chart.pick(rows);
      };
      const took = function (rows, polygon) {
        chart.lasso = polygon;
        state(rows);
        options.picked(rows, polygon);
      };
      handle.pick = function (rows) { chart.lasso = null; state(rows); };
      tools.lasso = { on: false, done: function (polygon) { took(chart.inside(polygon), polygon); } };
      const draw = button("\u25cc", data.words.lasso, function () {
        tools.lasso.on = !tools.lasso.on;
        draw.setAttribute("aria-pressed", String(tools.lasso.on));
        canvas.style.cursor = tools.lasso.on ? "crosshair" : "grab";
      });
      draw.setAttribute("aria-pressed", "false");
      // What is searched for or pointed at can be selected, too.
      const one = tools.select;
      tools.select = function (i, near) { one(i, near); if (i >= 0) took([i], null); };
      const all = make(null, "button", { type: "button", class: "take" }, data.words.pick_hits);
      let hits = [];
      all.hidden = true;
      parts.hits.before(all);
      all.addEventListener("click", function () { took(hits, null); });
      offer = function (found) { hits = found; all.hidden = found.length < 2; };
    }
    const shown = function (overlay) {
      chart.overlay = overlay;
      chart.chosen.clear();
      legend(list, chart, data);
      chart.redraw();
    };
    colours(parts.said, chart, data, shown, options.fetched);
    legend(list, chart, data);
    search(parts, chart, data, tools.select, offer);
    pointing(canvas, tip, chart, data, tools);
    new ResizeObserver(chart.resize).observe(map);
    chart.resize();
    return handle;
  }

  return { show: show, frame: frame };
})();
