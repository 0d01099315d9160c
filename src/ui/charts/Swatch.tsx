/** The sign of a series: its colour and its dash together, so that colour alone never tells lines apart. */
import { dashOf, seriesColour } from './palette.ts';

export function Swatch(props: { series: number; thin?: boolean; width?: number }) {
  const width = props.width ?? 26;
  return (
    <svg width={width} height="8" viewBox={`0 0 ${width} 8`} aria-hidden="true" style={{ flex: 'none' }}>
      <path
        d={`M1 4H${width - 1}`}
        fill="none"
        strokeWidth={props.thin ? 1.5 : 2.5}
        style={{ stroke: seriesColour(props.series) }}
        strokeDasharray={(props.thin ? [1, 3] : dashOf(props.series)).join(' ')}
      />
    </svg>
  );
}
