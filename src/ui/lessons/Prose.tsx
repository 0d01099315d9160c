/** Paragraphs of a lesson: their parts of the page light up when pointed at, their terms explain themselves. */
import { Popover } from '@base-ui/react/popover';
import type { Paragraph } from '../../lessons/frame/lesson.ts';
import { type Piece, pieces } from '../../lessons/frame/markup.ts';
import { glossary } from '../../lessons/glossary.ts';
import { layer } from '../parts/layer.ts';
import parts from '../parts/parts.module.css';
import styles from './guide.module.css';
import prose from './prose.module.css';
import { showPart } from './showPart.ts';

export interface ProseProps {
  paragraphs: readonly Paragraph[];
  /** Told which part is pointed at; null when none is any more. */
  onPoint: (part: string | null) => void;
}

const origin = { paper: 'paper', here: 'here' } as const;

export function Prose({ paragraphs, onPoint }: ProseProps) {
  return paragraphs.map((paragraph) => {
    const { text, from } = typeof paragraph === 'string' ? { text: paragraph, from: null } : paragraph;
    return (
      <p key={text} data-from={from ?? undefined}>
        {from ? (
          <span
            className={styles.tag}
            title={from === 'paper' ? 'What the paper says' : 'What holds in this laboratory'}
          >
            {origin[from]}
          </span>
        ) : null}
        {pieces(text).map((piece, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text never changes its order
          <Words key={index} piece={piece} onPoint={onPoint} />
        ))}
      </p>
    );
  });
}

function Words({ piece, onPoint }: { piece: Piece; onPoint: ProseProps['onPoint'] }) {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'em':
      return <em>{piece.text}</em>;
    case 'code':
      return <code>{piece.text}</code>;
    case 'part':
      return (
        <button
          type="button"
          className={prose.part}
          onMouseEnter={() => onPoint(piece.name)}
          onMouseLeave={() => onPoint(null)}
          onFocus={() => onPoint(piece.name)}
          onBlur={() => onPoint(null)}
          onClick={() => showPart(piece.name)}
        >
          {piece.text}
        </button>
      );
    case 'term':
      return <Term name={piece.name} text={piece.text} />;
    default:
      piece satisfies never;
      return null;
  }
}

function Term({ name, text }: { name: string; text: string }) {
  const term = glossary.find((each) => each.id === name);
  if (!term) return text;
  return (
    <Popover.Root>
      <Popover.Trigger className={prose.term}>{text}</Popover.Trigger>
      <Popover.Portal container={layer}>
        <Popover.Positioner className={parts.layer} sideOffset={6} collisionPadding={8}>
          <Popover.Popup className={prose.card}>
            <Popover.Title className={prose.cardTitle}>{term.name}</Popover.Title>
            <Popover.Description className={prose.cardText}>{term.what}</Popover.Description>
            {term.formula === '' ? null : <code>{term.formula}</code>}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
