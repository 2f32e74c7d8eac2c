// Turns the data beside a map's picture into a map one can search. Without this script, or when
// it fails, the picture stays.
"use strict";
(function () {
  const FOUND = "#d00000";

  function points(data, colouring) {
    const groups = new Map();
    colouring.group.forEach(function (group, i) {
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(i);
    });
    const order = colouring.groups.filter(function (group) { return groups.has(group.id); });
    return order.map(function (group) {
      const rows = groups.get(group.id);
      const pick = function (column) { return rows.map(function (i) { return column[i]; }); };
      return {
        type: "scatter", mode: "markers", name: group.name, legendrank: group.rank,
        x: pick(data.x), y: pick(data.y),
        text: pick(data.label), hoverinfo: "text",
        marker: {
          color: group.colour, opacity: 0.8, line: { width: 0.5, color: "#fff" },
          size: data.size ? pick(data.size) : 6,
        },
      };
    });
  }

  function ties(data) {
    if (!data.edges) return [];
    const x = [], y = [];
    data.edges.forEach(function (edge) {
      x.push(edge[0], edge[2], null);
      y.push(edge[1], edge[3], null);
    });
    return [{ type: "scatter", mode: "lines", x: x, y: y, hoverinfo: "skip", showlegend: false,
      line: { color: "#bbb", width: 0.8 } }];
  }

  function names(data) {
    return (data.names || []).map(function (name) {
      return { x: name[0], y: name[1], text: name[2], showarrow: false, font: { size: 11 },
        bgcolor: "rgba(255,255,255,0.75)" };
    });
  }

  function choice(box, data, chosen) {
    if (data.colourings.length < 2) return;
    const select = document.createElement("select");
    data.colourings.forEach(function (colouring, i) {
      select.add(new Option(colouring.label, String(i)));
    });
    select.addEventListener("change", function () { chosen(data.colourings[Number(select.value)]); });
    box.insertBefore(select, box.querySelector("output"));
  }

  function search(box, map, data) {
    const input = box.querySelector("input"), said = box.querySelector("output");
    const keys = data.name.map(function (name) { return name.toLowerCase(); });
    input.addEventListener("input", function () {
      const wanted = input.value.trim().toLowerCase().replace(/\s+/g, " ");
      const hits = [];
      if (wanted.length > 0) {
        keys.forEach(function (key, i) { if (key.includes(wanted)) hits.push(i); });
      }
      Plotly.restyle(map, {
        x: [hits.map(function (i) { return data.x[i]; })],
        y: [hits.map(function (i) { return data.y[i]; })],
        text: [hits.map(function (i) { return data.label[i]; })],
      }, [map.data.length - 1]);
      if (wanted.length === 0) said.textContent = "";
      else if (hits.length === 0) said.textContent = data.words.none;
      else if (hits.length === 1) said.textContent = data.label[hits[0]].replace(/<br>/g, " · ");
      else said.textContent = data.words.found.replace("{n}", String(hits.length));
    });
  }

  function show(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const map = figure.querySelector(".map"), box = figure.querySelector(".find");
    const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
    const axis = { visible: false };
    const mark = { type: "scatter", mode: "markers", x: [], y: [], text: [], hoverinfo: "text",
      name: data.words.marked, showlegend: false,
      marker: { symbol: "circle-open", size: 16, color: FOUND, line: { width: 3, color: FOUND } } };
    const traces = function (colouring) {
      return ties(data).concat(points(data, colouring), [mark]);
    };
    map.hidden = false;
    box.hidden = false;
    figure.classList.add("live");
    Plotly.newPlot(map, traces(data.colourings[0]), {
      margin: { l: 10, r: 10, t: 34, b: 10 }, hovermode: "closest", font: font,
      xaxis: axis, yaxis: Object.assign({ scaleanchor: "x" }, axis), annotations: names(data),
      legend: { font: { size: 11 } }, showlegend: figure.dataset.map === "talent_map",
      dragmode: "pan",
    }, {
      // Only these buttons: others of the library offer to send the data to a service.
      modeBarButtons: [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
      displaylogo: false, responsive: true, scrollZoom: true,
    });
    search(box, map, data);
    choice(box, data, function (colouring) {
      const found = map.data[map.data.length - 1];
      Object.assign(mark, { x: found.x, y: found.y, text: found.text });
      Plotly.react(map, traces(colouring), map.layout);
    });
  }

  document.querySelectorAll("figure[data-map]").forEach(function (figure) {
    try {
      show(figure);
    } catch (error) {
      figure.classList.remove("live");
      figure.querySelector(".map").hidden = true;
      figure.querySelector(".find").hidden = true;
      console.error(error);
    }
  });
})();
