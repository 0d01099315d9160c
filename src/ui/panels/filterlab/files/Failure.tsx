/** Why a file cannot be read. Lines of Python that make it one that can stand in the message as code. */
import styles from './files.module.css';

export function Failure({ message }: { message: string }) {
  const [first, ...more] = message.split('\n');
  const last = more.pop();
  if (last === undefined) return first;
  return (
    <>
      {first}
      <code className={styles.lines}>{more.join('\n')}</code>
      {last}
    </>
  );
}
