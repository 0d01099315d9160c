/** What a chart shows beside uPlot's own lines: names at line ends, the mark of a moment. */
import type uPlot from 'uplot';
import styles from './charts.module.css';
import { type Line, type Moment, momentAt } from './curves/curves.ts';
import { type Palette, seriesCount } from './palette.ts';

/** A colour at so many percent of its strength. */
export const alpha = (colour: string, percent: number) =>
  `color-mix(in srgb, ${colour} ${percent}%, transparent)`;

/** Writes each main line's name beside its last point, pushed apart so that none covers another. */
export function drawEndLabels(u: uPlot, lines: readonly Line[], palette: Palette, font: string) {
  const ratio = devicePixelRatio;
  const { ctx, bbox } = u;
  const step = 14 * ratio;
  const labels = lines
    .filter((line) => line.weight === 'main' && line.y.length > 0)
    .map((line) => ({
      line,
      x: u.valToPos(line.x[line.x.length - 1], 'x', true),
      wanted: u.valToPos(line.y[line.y.length - 1], 'y', true),
      y: 0,
    }))
    .sort((a, b) => a.wanted - b.wanted);
  let floor = bbox.top + step / 2;
  for (const label of labels) {
    label.y = Math.max(label.wanted, floor);
    floor = label.y + step;
  }
  let ceiling = bbox.top + bbox.height + step / 2;
  for (const label of labels.reverse()) {
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - step;
  }
  ctx.save();
  ctx.font = font;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { line, x, y, wanted } of labels) {
    const colour = palette.series[line.series % seriesCount];
    const left = bbox.left + bbox.width + 8 * ratio;
    if (left - x < 40 * ratio) {
      ctx.strokeStyle = alpha(colour, 60);
      ctx.lineWidth = ratio;
      ctx.beginPath();
      ctx.moveTo(x + 4 * ratio, wanted);
      ctx.lineTo(left - 2 * ratio, y);
      ctx.stroke();
    }
    ctx.fillStyle = palette.text;
    ctx.fillText(line.label, left + 7 * ratio, y);
    ctx.fillStyle = colour;
    ctx.fillRect(left, y - 5 * ratio, 3 * ratio, 10 * ratio);
  }
  ctx.restore();
}

/**
 * The moment that the page shows: one mark, or one per line in its colour where each is at a place of its own. Marks
 * are elements over the canvas, so that scrubbing through time moves them and draws nothing again.
 */
export function placeMoments(u: uPlot, moment: Moment | null, lines: readonly Line[], palette: Palette) {
  // From what uPlot knows: asking the element for its width would have the whole page laid out.
  const width = u.bbox.width / devicePixelRatio;
  const places = placesOf(moment, lines, palette)
    .map(({ x, colour }) => ({ left: u.valToPos(x, 'x'), colour }))
    .filter(({ left }) => left >= -1 && left <= width + 1);
  const marks = [...u.over.getElementsByClassName(styles.moment)] as HTMLElement[];
  for (const extra of marks.splice(places.length)) extra.remove();
  for (const [i, { left, colour }] of places.entries()) {
    const mark = marks[i] ?? u.over.appendChild(document.createElement('div'));
    mark.className = styles.moment;
    mark.style.transform = `translateX(${left}px)`;
    mark.style.color = colour;
  }
}

function placesOf(moment: Moment | null, lines: readonly Line[], palette: Palette) {
  if (moment === null) return [];
  if (typeof moment === 'number') return [{ x: moment, colour: palette.accent }];
  return lines.flatMap((line) => {
    const x = line.weight === 'main' ? momentAt(moment, line) : null;
    return x === null ? [] : [{ x, colour: palette.series[line.series % seriesCount] }];
  });
}

/** Room for the longest end label, in CSS pixels. */
export function labelRoom(lines: readonly Line[], font: string): number {
  const context = document.createElement('canvas').getContext('2d')!;
  context.font = font;
  const widest = Math.max(
    0,
    ...lines.filter((l) => l.weight === 'main').map((l) => context.measureText(l.label).width),
  );
  return Math.ceil(widest) + 22;
}
