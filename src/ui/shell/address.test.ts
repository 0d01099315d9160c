import { describe, expect, test } from 'vitest';
import { Address } from './address.ts';

function placeAt(fragment: string) {
  const place = {
    now: fragment,
    written: 0,
    fragment: () => place.now,
    // As browsers do with some characters.
    replace: (text: string) => {
      place.now = text.replaceAll(' ', '%20');
      place.written++;
    },
  };
  return place;
}

describe('the address', () => {
  test('is written when something else is to be said, and then it is no news', () => {
    const place = placeAt('at=1');
    const address = new Address(place);
    address.read();
    address.write('at=1');
    expect(place.written).toBe(0);
    address.write('name=a b');
    expect(place).toMatchObject({ now: 'name=a%20b', written: 1 });
    expect(address.isChanged).toBe(false);
  });

  test('that somebody has just changed is not overwritten before it is read', () => {
    const place = placeAt('at=1');
    const address = new Address(place);
    address.read();
    place.now = 'guide=contents';
    address.write('at=2');
    expect(place.now).toBe('guide=contents');
    expect(address.isChanged).toBe(true);
    address.read();
    address.write('at=2&guide=contents');
    expect(place.now).toBe('at=2&guide=contents');
  });
});
