export { Camera, type CameraEvents } from './camera';
export { cameraProblems } from './words';
