"""Frames in, landmarks of every visible person out. Owns MediaPipe and LiteRT."""
