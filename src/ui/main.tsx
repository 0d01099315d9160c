/** The first module of the page. Where something is missing that it needs, index.html has said so, and nothing opens. */
import './theme.css';
import { openPage } from './openPage.tsx';

if (document.documentElement.dataset.missing === undefined) openPage();
