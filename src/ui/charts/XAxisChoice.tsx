/** What the curves are drawn against, to choose. It holds for all curves of the page. */
import { type XAxis, xAxes } from '../../lab/store.ts';
import { xAxisText } from './curves.ts';

export function XAxisChoice({ axis, onAxis }: { axis: XAxis; onAxis: (axis: XAxis) => void }) {
  return (
    <select value={axis} onChange={(event) => onAxis(event.target.value as XAxis)}>
      {xAxes.map((each) => (
        <option key={each} value={each} title={xAxisText[each].what}>
          {xAxisText[each].label}
        </option>
      ))}
    </select>
  );
}
