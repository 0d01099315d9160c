/** The few signs that the page needs, drawn on a grid of 16. Decoration: the button around one has the name. */

const paths = {
  play: 'M4.5 2.8v10.4l8.6-5.2z',
  pause: 'M4.6 3h2.3v10H4.6zM9.1 3h2.3v10H9.1z',
  stepIteration: 'M3 3v10l6.4-5zM11 3h2v10h-2z',
  stepStation: 'M5.2 3.2 10 8l-4.8 4.8',
  reset: 'M3.2 6.2A5.2 5.2 0 1 1 2.8 9M3 2.6v3.8h3.8',
  playback: 'M3.2 6.2A5.2 5.2 0 1 1 2.8 9M3 2.6v3.8h3.8M6.9 5.9v4.4L10.4 8.1z',
  parting: 'M1.8 8h3.4C9 8 9.4 3.6 14.2 3M5.2 8c3.8 0 4.2 4.4 9 5',
  lock: 'M4 7.2h8v6H4zM5.6 7.2V5.2a2.4 2.4 0 0 1 4.8 0v2',
  undo: 'M2.8 6.2h6.4a3.6 3.6 0 0 1 0 7.2H6M5.8 3 2.6 6.2l3.2 3.2',
  add: 'M8 2.8v10.4M2.8 8h10.4',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  eye: 'M1.2 8S3.7 3.6 8 3.6 14.8 8 14.8 8 12.3 12.4 8 12.4 1.2 8 1.2 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  eyeOff:
    'M2.2 2.2l11.6 11.6M5 4.4A7.6 7.6 0 0 1 8 3.6c4.3 0 6.8 4.4 6.8 4.4a12 12 0 0 1-1.9 2.3M10.8 11.8A7.4 7.4 0 0 1 8 12.4C3.7 12.4 1.2 8 1.2 8A12 12 0 0 1 3.2 5.7',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M12.8 3.2l-1.1 1.1M4.3 11.7l-1.1 1.1',
  moon: 'M13.4 9.9A5.8 5.8 0 0 1 6.1 2.6a5.8 5.8 0 1 0 7.3 7.3z',
  contrast: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM8 2.2v11.6',
  link: 'M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.6-2.6a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.1 9.2a2.6 2.6 0 0 0 3.7 3.7l.9-.9',
  lesson:
    'M8 4.2C6.6 3.1 4.6 2.7 2.4 2.8v9.6c2.2-.1 4.2.3 5.6 1.4 1.4-1.1 3.4-1.5 5.6-1.4V2.8C11.4 2.7 9.4 3.1 8 4.2zM8 4.2v9.4',
  help: 'M5.8 6.2a2.2 2.2 0 1 1 3.3 1.9c-.7.4-1.1.8-1.1 1.7M8 12.4v.2',
  command:
    'M5.6 5.6h4.8v4.8H5.6zM5.6 5.6V4a1.6 1.6 0 1 0-1.6 1.6zM10.4 5.6V4A1.6 1.6 0 1 1 12 5.6zM5.6 10.4V12A1.6 1.6 0 1 1 4 10.4zM10.4 10.4V12a1.6 1.6 0 1 0 1.6-1.6z',
  check: 'm3 8.6 3.4 3.4L13 4.8',
  caret: 'm4.5 6.3 3.5 3.5 3.5-3.5',
  dice: 'M3 3h10v10H3zM5.8 5.8h.1M10.1 5.8h.1M8 8h.1M5.8 10.2h.1M10.1 10.2h.1',
  stop: 'M4 4h8v8H4z',
  chip: 'M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14',
} as const;

export type IconName = keyof typeof paths;
const filled: ReadonlySet<IconName> = new Set(['play', 'pause', 'stop'] as const);

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  const solid = filled.has(name);
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill={solid ? 'currentColor' : 'none'}
      stroke={solid ? 'none' : 'currentColor'}
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none', display: 'block' }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
