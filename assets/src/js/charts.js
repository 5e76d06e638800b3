// Draws every [data-chart] with the option that json_script put beside it. Loaded
// only by pages that hold a chart.
import { BarChart, HeatmapChart, LineChart, PieChart } from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  AriaComponent, BarChart, DatasetComponent, GridComponent, HeatmapChart, LegendComponent, LineChart,
  MarkLineComponent, PieChart, SVGRenderer, TooltipComponent, VisualMapComponent,
]);

const PALETTE = {
  light: ["#0f7a67", "#3f5fce", "#d08c1d", "#9b4d80", "#5c8f3c", "#7766c9", "#b0532f", "#4f8fa8"],
  dark: ["#4cc3a5", "#8aa4ff", "#e6b352", "#d58bb9", "#9ccb7a", "#b3a5f2", "#e69470", "#86c1d6"],
};

function token(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function axis(given, ink, line, isValue) {
  const one = (option) => ({
    ...option,
    axisLine: { lineStyle: { color: line }, show: !isValue, ...option.axisLine },
    axisTick: { show: false, ...option.axisTick },
    axisLabel: { color: ink, ...option.axisLabel },
    splitLine: { lineStyle: { color: line }, show: isValue, ...option.splitLine },
  });
  if (given === undefined) return undefined;
  return Array.isArray(given) ? given.map(one) : one(given);
}

function styled(option) {
  const theme = document.documentElement.dataset.bsTheme === "dark" ? "dark" : "light";
  const [ink, strong, line, surface] = ["--ink-3", "--ink", "--line", "--raised"].map(token);
  const [soft, full] = ["--accent-soft", "--accent-ink"].map(token);
  const isVertical = option.yAxis?.type === "category";
  return {
    color: PALETTE[theme],
    animationDuration: 300,
    ...option,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink, ...option.textStyle },
    // The text description stands in the page; decals tell series apart without colour.
    aria: { enabled: true, label: { enabled: false }, decal: { show: (option.series?.length ?? 1) > 1 } },
    grid: { left: 4, right: 8, top: 16, bottom: option.legend ? 36 : 4, containLabel: true, ...option.grid },
    legend: option.legend && { bottom: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12, textStyle: { color: ink }, ...option.legend },
    visualMap: option.visualMap && {
      orient: "horizontal", left: "center", bottom: 0, itemWidth: 12, itemHeight: 96, textStyle: { color: ink },
      inRange: { color: [soft, full] }, ...option.visualMap,
    },
    xAxis: axis(option.xAxis, ink, line, isVertical),
    yAxis: axis(option.yAxis, ink, line, !isVertical),
    // richText: the HTML tooltip carries style attributes, which the policy refuses.
    tooltip: {
      trigger: "axis", renderMode: "richText", backgroundColor: surface, borderColor: line,
      textStyle: { color: strong, fontSize: 13 }, confine: true, ...option.tooltip,
    },
  };
}

function draw(element) {
  const option = JSON.parse(document.getElementById(element.dataset.chart).textContent);
  const chart = init(element, null, { renderer: "svg" });
  chart.setOption(styled(option));
  new ResizeObserver(() => {
    if (element.clientWidth > 0) chart.resize();
  }).observe(element);
  new MutationObserver(() => chart.setOption(styled(option))).observe(document.documentElement, {
    attributeFilter: ["data-bs-theme"],
  });
  element.dataset.drawn = "true";
}

function drawAll(root) {
  for (const element of root.querySelectorAll("[data-chart]:not([data-drawn])")) draw(element);
}

// The table behind a chart as a file that Excel opens: the mark at its start says UTF-8.
function download(figure) {
  const cell = (text) => `"${text.trim().replaceAll('"', '""')}"`;
  const rows = [...figure.querySelectorAll(".chart-table tr")];
  const lines = rows.map((row) => [...row.cells].map((one) => cell(one.textContent)).join(","));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", lines.join("\r\n")], { type: "text/csv" }));
  link.download = `${figure.querySelector("[data-chart-title]").textContent.trim()}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chart-export]");
  if (button) download(button.closest("figure"));
});

drawAll(document);
document.addEventListener("htmx:load", (event) => drawAll(event.target));
