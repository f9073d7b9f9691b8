interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Series {
  readonly name: string;
  /** Mid-tone that reads on white and on black. */
  readonly colour: string;
  /** In the order of x. */
  readonly points: readonly Point[];
}

export interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
  /** Values below `from` are drawn at it. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

export interface Chart {
  readonly title: string;
  /** How it was made: what is simulated, the seed, the command. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const WIDTH = 760;
const HEIGHT = 420;
const PLOT = { left: 96, right: 566, top: 52, bottom: 356 };
/** Lowest distance of two labels at the right end, in pixels. */
const LABEL_STEP = 18;

/** A line chart as one SVG without scripts, fonts or images from elsewhere. Its text follows the reader's light or dark theme. */
export function lineChart({ title, description, x, y, series }: Chart): string {
  const toX = (value: number) => place(value, x, PLOT.left, PLOT.right);
  const toY = (value: number) => place(value, y, PLOT.bottom, PLOT.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="description">${escapeXml(description)}</desc>`,
    '<style>text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-size:16px;font-weight:600}.grid{stroke:#8c959f;stroke-opacity:.3}',
    '.line{fill:none;stroke-width:2.5;stroke-linejoin:round}@media(prefers-color-scheme:dark){text{fill:#adbac7}}</style>',
    `<text class="title" x="${PLOT.left}" y="26">${escapeXml(title)}</text>`,
    ...y.ticks.flatMap(({ at, text }) => gridLine(toY(at), text)),
    ...x.ticks.map(({ at, text }) => `<text x="${fixed(toX(at))}" y="${PLOT.bottom + 20}" text-anchor="middle">${escapeXml(text)}</text>`),
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 46}" text-anchor="middle">${escapeXml(x.label)}</text>`,
    `<text x="20" y="${(PLOT.top + PLOT.bottom) / 2}" text-anchor="middle" transform="rotate(-90 20 ${(PLOT.top + PLOT.bottom) / 2})">${escapeXml(y.label)}</text>`,
    ...series.map(({ colour, points }) => {
      const list = points.map((point) => `${fixed(toX(point.x))},${fixed(toY(point.y))}`).join(' ');
      return `<polyline class="line" stroke="${colour}" points="${list}"/>`;
    }),
    ...endLabels(series, toY),
    '</svg>',
    '',
  ].join('\n');
}

function place(value: number, { scale, from, to }: Axis, start: number, end: number): number {
  const clipped = Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to));
  const part = scale === 'log' ? Math.log(clipped / from) / Math.log(to / from) : (clipped - from) / (to - from);
  return start + part * (end - start);
}

function gridLine(at: number, text: string): string[] {
  const height = fixed(at);
  return [
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${height}" y2="${height}"/>`,
    `<text x="${PLOT.left - 8}" y="${fixed(at + 4)}" text-anchor="end">${escapeXml(text)}</text>`,
  ];
}

/** The name of each line beside its end, pushed apart where ends meet. */
function endLabels(series: readonly Series[], toY: (value: number) => number): string[] {
  const ends = series.map(({ name, colour, points }) => ({ name, colour, at: toY(points.at(-1)?.y ?? 0) })).sort((a, b) => a.at - b.at);
  let lowest = Number.NEGATIVE_INFINITY;
  const pushed = ends.map((end) => {
    lowest = Math.max(end.at, lowest + LABEL_STEP);
    return { ...end, at: lowest };
  });
  const excess = Math.max(0, lowest - PLOT.bottom);
  return pushed.map(
    ({ name, colour, at }) =>
      `<circle cx="${PLOT.right + 12}" cy="${fixed(at - excess)}" r="5" fill="${colour}"/><text x="${PLOT.right + 24}" y="${fixed(at - excess + 4)}">${escapeXml(name)}</text>`,
  );
}

const fixed = (value: number): string => value.toFixed(1);

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
