/** What our published experiment allows to be said, read from results.json. */
import { useEffect, useState } from 'react';
import { readResults } from '../../lab/records/publishedResults.ts';
import { summaryInWords } from '../../lab/records/summaryInWords.ts';
import { useLaboratory } from '../useLab.ts';
import styles from './guide.module.css';

export function Results() {
  const laboratory = useLaboratory();
  const [lines, setLines] = useState<readonly string[]>([]);
  useEffect(() => {
    let wanted = true;
    readResults(laboratory.fetchBytes).then(
      (results) =>
        wanted &&
        setLines(
          results?.['six-methods']
            ? summaryInWords(results['six-methods'].summary)
            : ['The results of our experiment do not come with this build.'],
        ),
      (error: Error) => wanted && setLines([`results.json cannot be used: ${error.message}`]),
    );
    return () => {
      wanted = false;
    };
  }, [laboratory]);
  return (
    <ul className={styles.results} aria-label="Our experiment, several seeds">
      {lines.map((line) => (
        <li key={line}>
          <span className={styles.tag}>here</span>
          {line}
        </li>
      ))}
    </ul>
  );
}
