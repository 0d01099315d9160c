/** Tests that are written as a module: what they import becomes what they require. */
import { type ImportDeclaration, parse } from 'acorn';

/** @returns the same tests as a script in which `await` may stand anywhere, line by line @throws SyntaxError */
export function scriptOfModule(code: string): string {
  const { body } = parse(code, { ecmaVersion: 2023, sourceType: 'module' });
  let script = '';
  let from = 0;
  for (const statement of body) {
    if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration')
      throw new SyntaxError('tests that export something are not understood here');
    if (statement.type !== 'ImportDeclaration') continue;
    const text = code.slice(statement.start, statement.end);
    script += code.slice(from, statement.start) + requiring(statement) + text.replace(/[^\n]/g, '');
    from = statement.end;
  }
  return script + code.slice(from);
}

function requiring({ specifiers, source }: ImportDeclaration): string {
  const module = `require(${JSON.stringify(source.value)})`;
  const named: string[] = [];
  let text = '';
  for (const specifier of specifiers) {
    const { name } = specifier.local;
    if (specifier.type !== 'ImportSpecifier') text += `const ${name}=${module};`;
    else if (specifier.imported.type === 'Identifier' && specifier.imported.name === 'default')
      text += `const ${name}=${module};`;
    else named.push(specifier.imported.type === 'Identifier' ? `${specifier.imported.name}:${name}` : name);
  }
  if (named.length > 0) text += `const {${named.join()}}=${module};`;
  return text;
}
