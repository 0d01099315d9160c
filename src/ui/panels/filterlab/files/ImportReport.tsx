/** What reading the files came to: rows, dropped rows with reasons and lines, warnings, sizes of groups. */
import { counted } from '../../../../core/numberText.ts';
import { filesInWords } from '../../../../io/files/forms.ts';
import type { GroupChange, QuestionKind } from '../../../../io/grouping/question.ts';
import type { ImportedRollouts } from '../../../../io/importRollouts.ts';
import { formatLabels } from '../../../../io/mapping/mapping.ts';
import type { GroupSizes } from '../../../../lab/rollouts/files/importProtocol.ts';
import { Figure } from '../figures/Figure.tsx';
import { Frame } from '../figures/Frame.tsx';
import figures from '../figures/figures.module.css';
import styles from './files.module.css';
import { GroupQuestionBox } from './GroupQuestionBox.tsx';

export function ImportReport(props: {
  result: ImportedRollouts;
  /** Sentences about files that were left out. */
  leftOut: readonly string[];
  sizes: GroupSizes;
  onSettle: (kind: QuestionKind, change: GroupChange) => void;
  onBack: () => void;
  onClose: () => void;
}) {
  const { result, sizes } = props;
  const { files, dropped, warnings, columns } = result;
  const total = dropped.reduce((sum, { count }) => sum + count, 0);
  const whole = (value: number) => value.toLocaleString('en-GB');
  return (
    <section className={styles.report} aria-label="What was read">
      <div className={styles.actions}>
        <p>
          <b>{counted(columns.reward.length, 'row')}</b> of {filesInWords(files.map((file) => file.name))} (
          {[...new Set(files.map((file) => formatLabels[file.format]))].join(', ')})
          {total > 0 ? `; ${counted(total, 'row')} dropped` : '; no row dropped'}.
        </p>
        <button type="button" onClick={props.onBack}>
          Change the columns
        </button>
        <button type="button" onClick={props.onClose}>
          Other files
        </button>
      </div>
      {result.questions.length > 0 ? (
        <GroupQuestionBox question={result.questions[0]} onSettle={props.onSettle} onBack={props.onBack} />
      ) : null}
      {warnings.length + props.leftOut.length > 0 ? (
        <ul className={styles.warnings}>
          {[...props.leftOut, ...warnings].map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      ) : null}
      {dropped.length > 0 ? (
        <details>
          <summary>Dropped rows and why</summary>
          <ul className={styles.small}>
            {dropped.map(({ reason, count, examples }) => (
              <li key={reason}>
                {whole(count)} × {reason}:{' '}
                {examples
                  .slice(0, 8)
                  .map(
                    ({ file, line }) =>
                      `${files.length > 1 ? `${files[file]?.name ?? ''} ` : ''}line ${line}`,
                  )
                  .join(', ')}
                {count > 8 ? ' …' : ''}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <GroupSizesFigure sizes={sizes} />
    </section>
  );
}

/** How many groups have how many responses, as a small table of bars. */
function GroupSizesFigure({ sizes }: { sizes: GroupSizes }) {
  const largest = sizes[sizes.length - 1]?.[0] ?? 1;
  const most = sizes.reduce((most, [, count]) => Math.max(most, count), 1);
  return (
    <details>
      <summary>
        Group sizes:{' '}
        {sizes.length === 1 ? `all of ${sizes[0][0]}` : `${sizes[0]?.[0]} to ${sizes[sizes.length - 1]?.[0]}`}
      </summary>
      <Figure
        title="Group sizes"
        what="How many groups have how many responses. Trainers lose responses now and then, so a few smaller groups are normal; many groups of one mean that the group column is not the right one."
        head={['responses', 'groups']}
        rows={() => sizes.map(([size, count]) => [size, count])}
        show={(value) => value.toLocaleString('en-GB')}
      >
        {(svg) => (
          <Frame
            svgRef={svg}
            label={`Groups by their number of responses, up to ${largest}`}
            height={170}
            x={[0.4, largest + 0.6]}
            y={[0, most * 1.05]}
            xTicks={largest <= 12 ? sizes.map(([size]) => size) : undefined}
            xLabel="responses in the group"
            yLabel="groups"
          >
            {(sx, sy) =>
              sizes.map(([size, count]) => {
                const width = Math.max(1, Math.min(46, (sx(2) - sx(1)) * 0.8));
                return (
                  <rect
                    key={size}
                    className={figures.rankBar}
                    x={sx(size) - width / 2}
                    width={width}
                    y={sy(count)}
                    height={sy(0) - sy(count)}
                  />
                );
              })
            }
          </Frame>
        )}
      </Figure>
    </details>
  );
}
