/** Masks that were learned elsewhere, as `npm run preparations` recorded them. */
import { MaskFigure } from './MaskFigure.tsx';
import masks from './recordedMasks.json' with { type: 'json' };

export function RecordedMaskFigure() {
  return <MaskFigure masks={masks} from="recorded" />;
}
