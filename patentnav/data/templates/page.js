// The maps of a report's page. Where the script fails, the picture stays.
document.querySelectorAll("figure[data-map]").forEach(function (figure) {
  try {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const picture = figure.querySelector("img");
    PatentnavMap.show(figure, data, { title: picture ? picture.alt : figure.getAttribute("aria-label") });
  } catch (error) {
    figure.classList.remove("live");
    figure.querySelector(".map").hidden = true;
    figure.querySelector(".find").hidden = true;
    figure.querySelectorAll(".hits, .card, .legend").forEach(function (part) { part.remove(); });
    console.error(error);
  }
});
