import { render } from 'preact';
import { Controller, FIRST_STATE, takenInvitation } from './model';
import { App } from './views';

const root = document.getElementById('page');
if (!root) throw new Error('index.html has no element "page"');

const show = (state = FIRST_STATE): void => {
  render(<App state={state} controller={controller} />, root);
};
const controller = new Controller(show);
const invitation = takenInvitation(location, history);
// One that is opened where the page is already changes its address alone.
window.addEventListener('hashchange', () => {
  const token = takenInvitation(location, history);
  if (token !== undefined) void controller.start(token);
});
show();
await controller.start(invitation);
