/** Keys: how an event is written, and how a key is printed. */

/** A key event in the notation of `keys`, for example "Shift+ArrowLeft", "mod+z", "?", "Space". */
export function chord(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // A shifted character is its own name ("?"), a shifted named key is not ("Shift+ArrowLeft").
  const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : '';
  return `${event.altKey ? 'Alt+' : ''}${event.ctrlKey || event.metaKey ? 'mod+' : ''}${shift}${key}`;
}

/** A key as it is printed on a key cap. */
export function keyCap(key: string, apple: boolean): string {
  return key
    .replace('mod+', apple ? '⌘' : 'Ctrl ')
    .replace('Shift+', apple ? '⇧' : 'Shift ')
    .replace('ArrowRight', '→')
    .replace('ArrowLeft', '←')
    .replace(/(^|[ ⌘⇧])([a-z])$/, (_, before: string, letter: string) => before + letter.toUpperCase());
}
