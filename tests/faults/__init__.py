"""What is promised for the worst moments: kills, full disks, signals, damaged files; each counted out.

The short version is part of the test suite. The whole, which takes about a quarter of an hour:

    PYTHONPATH=tests .venv/bin/python -m faults
"""
