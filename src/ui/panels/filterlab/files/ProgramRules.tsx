/** How the programs were found in the responses that were run: each rule with its count and one response. */
import type { RuleUse } from '../../../../judge/response/report.ts';
import { ruleTexts } from '../../../../judge/response/rules.ts';
import styles from './files.module.css';

export function ProgramRules({ uses }: { uses: readonly RuleUse[] }) {
  return (
    <details open={uses.some(({ rule }) => rule === 'none')}>
      <summary>How the programs were found in the responses</summary>
      <ul className={styles.rules} aria-label="Rules by which programs were found">
        {uses.map(({ rule, responses, example }) => (
          <li key={rule} data-rule={rule}>
            <b>{responses.toLocaleString('en-GB')}</b> × {ruleTexts[rule]}
            <details>
              <summary>One of them</summary>
              <Text label="Response">{example.response}</Text>
              {example.program === example.response ? null : (
                <>
                  <p>is run as</p>
                  <Text label="Program">{example.program}</Text>
                </>
              )}
            </details>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Text({ label, children }: { label: string; children: string }) {
  return (
    <section aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0}>{children}</pre>
    </section>
  );
}
