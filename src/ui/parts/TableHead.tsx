/** The head of a table: the names of its columns. */
export function TableHead({ names }: { names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
          <th key={column} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}
