import os, psutil
from app.domain.lease import LeaseOwner
def this_process(): return LeaseOwner(os.getpid(), str(psutil.Process().create_time()), str(psutil.boot_time()))
def owner_alive(text): return text == str(this_process())
