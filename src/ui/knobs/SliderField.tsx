/** A slider with its number beside it. */
import { Slider } from '@base-ui/react/slider';
import { useState } from 'react';
import styles from './knobs.module.css';
import { NumberField, type NumberKnob, numberText } from './NumberField.tsx';

export interface SliderFieldProps extends NumberKnob {
  step: number;
  /** The slider's way is measured in powers of ten. */
  log?: boolean;
  /** Takes every value that the hand passes: nothing costly hangs on it. */
  live?: boolean;
}

/** Where a value stands on the slider, and back. */
function scaleOf({ min, max, step, log, integer }: SliderFieldProps) {
  // Counts that reach from a few to a thousand would have all their usual values in the first hair of a line.
  const powers = log || (integer && min >= 1 && max / min >= 500);
  if (!powers) {
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return {
      min,
      max,
      step,
      to: (x: number) => x,
      from: (x: number) => Number(x.toFixed(integer ? 0 : digits)),
    };
  }
  return {
    min: Math.log10(min),
    max: Math.log10(max),
    step: 0.02,
    to: Math.log10,
    // Two significant digits are as fine as a hand can set.
    from: (x: number) => {
      const value = Number((10 ** x).toPrecision(2));
      return Math.min(max, Math.max(min, integer ? Math.round(value) : value));
    },
  };
}

export function SliderField(props: SliderFieldProps) {
  const { label, value, min, max, onChange } = props;
  const scale = scaleOf(props);
  const [dragged, setDragged] = useState<number | null>(null);
  return (
    <div className={styles.number}>
      <Slider.Root
        className={styles.slider}
        disabled={props.disabled ?? false}
        value={dragged ?? scale.to(Math.min(max, Math.max(min, value)))}
        min={scale.min}
        max={scale.max}
        step={scale.step}
        onValueChange={(next) => {
          setDragged(next as number);
          if (props.live) onChange(scale.from(next as number));
        }}
        onValueCommitted={(next) => {
          setDragged(null);
          const committed = scale.from(next as number);
          if (committed !== value && !props.refuse?.(committed)) onChange(committed);
        }}
      >
        <Slider.Control className={styles.control}>
          <Slider.Track className={styles.track}>
            <Slider.Indicator className={styles.indicator} />
            <Slider.Thumb
              className={styles.thumb}
              aria-label={label}
              aria-describedby={props.describedBy}
              getAriaValueText={(_, at) => numberText(scale.from(at))}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <NumberField
        {...props}
        label={`${label}, as a number`}
        name={label}
        value={dragged === null ? value : scale.from(dragged)}
      />
    </div>
  );
}
