/**
 * A line chart as a stand-alone SVG document, for export: the canvas on screen cannot be scaled or edited. Same
 * lines, colours, dashes, labels and title as on screen.
 */
import { dashOfLine, type Line, tick } from '../curves/curves.ts';
import { type Palette, seriesCount } from '../palette.ts';
import { pathThrough } from './path.ts';
import { extent, linear, ticks } from './scale.ts';

export interface LineSvgOptions {
  title: string;
  /** Second line under the title, for example a label that the reward is synthetic. */
  note?: string;
  /** False where the title stands beside it. Default true. */
  heading?: boolean;
  xLabel: string;
  palette: Palette;
  width?: number;
  height?: number;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character]);

const round = (value: number) => Math.round(value * 100) / 100;

/** The whole document as text. */
export function lineSvg(lines: readonly Line[], options: LineSvgOptions): string {
  const { palette, width = 720, height = 400 } = options;
  const heading = options.heading ?? true;
  const top = !heading ? 12 : options.note ? 62 : 44;
  const inner = { left: 56, right: width - 120, top, bottom: height - 44 };
  const drawn = lines.filter((line) => line.x.length > 0);
  const xs = extent(drawn.flatMap((line) => line.x)) ?? [0, 1];
  const ys = extent(drawn.flatMap((line) => [...line.y, ...(line.low ?? []), ...(line.high ?? [])])) ?? [
    0, 1,
  ];
  const pad = (ys[1] - ys[0]) * 0.06 || Math.abs(ys[0]) * 0.1 || 1;
  const x = linear(xs[0] === xs[1] ? [xs[0] - 0.5, xs[1] + 0.5] : xs, [inner.left, inner.right]);
  const y = linear([ys[0] - pad, ys[1] + pad], [inner.bottom, inner.top]);
  const text = (at: string, content: string, more = '') =>
    `<text ${at} fill="${palette.text}" ${more}>${escapeXml(content)}</text>`;
  const parts: string[] = [`<rect width="${width}" height="${height}" fill="${palette.surface}"/>`];
  if (heading) parts.push(text('x="16" y="26"', options.title, 'font-size="16" font-weight="600"'));
  if (heading && options.note)
    parts.push(text('x="16" y="46"', options.note, 'font-size="12" opacity="0.75"'));
  for (const value of ticks(y.domain[0], y.domain[1], 6)) {
    const at = round(y(value));
    parts.push(
      `<path d="M${inner.left} ${at}H${inner.right}" stroke="${palette.grid}"/>`,
      text(`x="${inner.left - 8}" y="${at + 4}" text-anchor="end"`, tick(value), 'font-size="12"'),
    );
  }
  for (const value of ticks(x.domain[0], x.domain[1], 8)) {
    parts.push(
      text(
        `x="${round(x(value))}" y="${inner.bottom + 18}" text-anchor="middle"`,
        tick(value),
        'font-size="12"',
      ),
    );
  }
  parts.push(
    text(
      `x="${(inner.left + inner.right) / 2}" y="${height - 8}" text-anchor="middle"`,
      options.xLabel,
      'font-size="12"',
    ),
  );
  let floor = 0;
  const ends = new Map(
    drawn
      .filter((line) => line.weight === 'main')
      .map((line) => ({ line, at: y(line.y[line.y.length - 1]) }))
      .sort((a, b) => a.at - b.at)
      .map(({ line, at }) => [line, (floor = Math.max(at, floor + 14))]),
  );
  for (const line of drawn) {
    const colour = palette.series[line.series % seriesCount];
    const points = (values: readonly number[]) =>
      values.map((v, i) => [round(x(line.x[i])), round(y(v))] as const);
    if (line.low && line.high) {
      const outline = pathThrough([...points(line.high), ...points(line.low).reverse()], 'Z');
      parts.push(`<path d="${outline}" fill="${colour}" opacity="0.16"/>`);
    }
    const main = line.weight === 'main';
    const dash = dashOfLine(line);
    parts.push(
      `<path d="${pathThrough(points(line.y))}" fill="none" stroke="${colour}" stroke-width="${main ? 2 : 1}"${line.weight === 'run' ? ' opacity="0.45"' : ''}` +
        `${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''} stroke-linejoin="round"/>`,
    );
    const end = ends.get(line);
    if (end !== undefined) {
      parts.push(
        `<rect x="${inner.right + 8}" y="${round(end - 5)}" width="3" height="10" fill="${colour}"/>`,
        text(`x="${inner.right + 16}" y="${round(end + 4)}"`, line.label, 'font-size="12" font-weight="600"'),
      );
    }
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, sans-serif">${parts.join('')}</svg>`
  );
}
