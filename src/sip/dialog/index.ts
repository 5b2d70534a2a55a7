export { Dialog } from './dialog';
export { DialogTable } from './dialog-table';
export type { Acknowledgement, DialogMaker, DialogUsage } from './dialog-usage';
