/**
 * Where menus, lists and tooltips are put: the end of the main part of the page, so that they are above everything
 * and yet inside a landmark. App gives the place; there is one page, so there is one place.
 */
import { createRef } from 'react';

export const layer = createRef<HTMLDivElement>();
