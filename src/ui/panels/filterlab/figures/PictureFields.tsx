/** How the reliability figures are cut: bins, lines, and how responses come to lines. */
import type { Grouping } from '../../../../core/analysis/bins.ts';
import type { PictureSettings } from '../../../../lab/rollouts/analysis/analyst.ts';
import styles from '../filterlab.module.css';

export function PictureFields(props: {
  settings: PictureSettings;
  onSettings: (settings: PictureSettings) => void;
}) {
  const { settings, onSettings } = props;
  const { groups, mode } = settings.grouping;
  const grouping = (change: Partial<PictureSettings['grouping']>) =>
    onSettings({ ...settings, grouping: { ...settings.grouping, ...change } });
  return (
    <div className={styles.row}>
      <h3>How far can the reward be trusted?</h3>
      <span className={styles.spring} />
      <label className={styles.inline}>
        bins
        <input
          type="range"
          min={3}
          max={40}
          value={groups}
          onChange={(event) => grouping({ groups: event.target.valueAsNumber })}
        />
        <output>{groups}</output>
      </label>
      <label className={styles.inline}>
        cut
        <select value={mode} onChange={(event) => grouping({ mode: event.target.value as Grouping['mode'] })}>
          <option value="equal-width">equal width</option>
          <option value="equal-count">equal count</option>
        </select>
      </label>
      <label className={styles.inline}>
        lines
        <select
          value={settings.lines}
          onChange={(event) => onSettings({ ...settings, lines: Number(event.target.value) })}
        >
          {[2, 5, 10, 20].map((lines) => (
            <option key={lines}>{lines}</option>
          ))}
        </select>
      </label>
      <label className={styles.inline}>
        by
        <select
          value={settings.by}
          onChange={(event) => onSettings({ ...settings, by: event.target.value as PictureSettings['by'] })}
        >
          <option value="split">dealing responses out</option>
          <option value="resample">resampling prompts</option>
        </select>
      </label>
    </div>
  );
}
