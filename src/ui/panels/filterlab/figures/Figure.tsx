/** Caption, explanation, drawing and twin table of a figure of the filter lab. */
import { type ReactNode, useRef } from 'react';
import chart from '../../../charts/charts.module.css';
import { Explain } from '../../../charts/Explain.tsx';
import { standaloneSvg } from '../../../charts/exportFigure.ts';
import { FigureTable, type FigureTableProps } from '../../../charts/FigureTable.tsx';

export interface FigureProps extends Pick<FigureTableProps, 'head' | 'rows' | 'show'> {
  title: string;
  what: string;
  formula?: string;
  note?: ReactNode;
  /** What lessons call it. */
  part?: string;
  children: (svg: React.RefObject<SVGSVGElement | null>) => ReactNode;
}

export function Figure(props: FigureProps) {
  const svg = useRef<SVGSVGElement>(null);
  return (
    <figure className={chart.figure} aria-label={props.title} data-part={props.part}>
      <figcaption className={chart.caption}>
        <h3>{props.title}</h3>
        <Explain name={props.title} what={props.what} formula={props.formula} />
        {props.note ? <span className={chart.note}>{props.note}</span> : null}
      </figcaption>
      {props.children(svg)}
      <FigureTable
        title={props.title}
        head={props.head}
        // What is undefined is an empty cell, on screen and in the file.
        rows={() =>
          props
            .rows()
            .map((row) => row.map((cell) => (typeof cell === 'number' && Number.isNaN(cell) ? null : cell)))
        }
        show={props.show}
        svg={() => standaloneSvg(svg.current!, props.title)}
      />
    </figure>
  );
}
