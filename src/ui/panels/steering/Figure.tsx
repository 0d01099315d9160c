/** What the figures of steering share: sliders with their names, and a table with a row for each thing named. */
import { SliderField } from '../../knobs/SliderField.tsx';
import { TableHead } from '../../parts/TableHead.tsx';

export interface FigureSlider {
  label: string;
  value: number;
  min: number;
  max: number;
  /** Absent: whole numbers. */
  step?: number;
  /** The slider's way is measured in powers of ten. */
  log?: boolean;
  onChange: (value: number) => void;
}

export function FigureSliders({ sliders }: { sliders: readonly FigureSlider[] }) {
  return (
    <div>
      {sliders.map(({ step, log, ...slider }) => (
        <div key={slider.label}>
          <span>{slider.label}</span>
          <SliderField {...slider} step={step ?? 1} log={log ?? false} integer={step === undefined} live />
        </div>
      ))}
    </div>
  );
}

export interface FigureTableProps {
  /** Names of the columns, that of the rows first; absent where the caption says it all. */
  head?: readonly string[];
  caption?: string;
  rows: readonly { name: string; cells: readonly string[] }[];
}

export function FigureTable({ head, caption, rows }: FigureTableProps) {
  return (
    <table>
      {caption === undefined ? null : <caption>{caption}</caption>}
      {head === undefined ? null : <TableHead names={head} />}
      <tbody>
        {rows.map(({ name, cells }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <td key={column}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
