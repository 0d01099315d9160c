/** What the curves are drawn against, to choose. The choice holds for all curves of the page. */
import { type XAxis, xAxes } from '../../../lab/state/store.ts';
import { xAxisText } from './curves.ts';

export interface XAxisChoiceProps {
  axis: XAxis;
  onAxis: (axis: XAxis) => void;
  /** How the bar that it stands in lays out its labels. */
  className?: string;
  /** Name by which lessons point at it. */
  part?: string;
}

export function XAxisChoice({ axis, onAxis, className, part }: XAxisChoiceProps) {
  return (
    <label className={className} data-part={part}>
      x-axis{' '}
      <select value={axis} onChange={(event) => onAxis(event.target.value as XAxis)}>
        {xAxes.map((each) => (
          <option key={each} value={each} title={xAxisText[each].what}>
            {xAxisText[each].label}
          </option>
        ))}
      </select>
    </label>
  );
}
