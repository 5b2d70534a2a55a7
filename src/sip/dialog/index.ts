export { Dialog } from './dialog';
export { type Acknowledgement, type DialogOwner, DialogTable } from './dialog-table';
