"""Threads of the numeric libraries: one for each caller, since frames are the parallel work here.

The pools of BLAS and OpenCV wait by spinning. With several of their threads a search of a thousand vectors
took 7 ms of processor time, and with one 0.2 ms; a batch loop beside them loses its cores to what only waits.
"""

import cv2
from threadpoolctl import threadpool_limits


def one_thread_a_caller() -> None:
    """Keep BLAS and OpenCV to the thread that calls them, in the whole process. Not on an event loop."""
    threadpool_limits(limits=1, user_api="blas")
    cv2.setNumThreads(1)
