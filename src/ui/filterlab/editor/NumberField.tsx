/** A number beside its handle: typed freely, taken over when it is one and in range, put back when it is not. */
import { useEffect, useState } from 'react';

export function NumberField(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
  className?: string;
}) {
  const { value, min, max, step } = props;
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  return (
    <input
      type="number"
      className={props.className}
      aria-label={props.label}
      value={text}
      min={min}
      max={max}
      step={step}
      onChange={(event) => {
        setText(event.target.value);
        const typed = event.target.valueAsNumber;
        if (Number.isFinite(typed) && typed >= min && typed <= max) props.onChange(typed);
      }}
      onBlur={() => setText(String(value))}
    />
  );
}
