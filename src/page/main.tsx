import { render } from 'preact';
import { Controller, FIRST_STATE } from './model';
import { App } from './views';

const root = document.getElementById('page');
if (!root) throw new Error('index.html has no element "page"');

const show = (state = FIRST_STATE): void => {
  render(<App state={state} controller={controller} />, root);
};
const controller = new Controller(show);
show();
await controller.start();
